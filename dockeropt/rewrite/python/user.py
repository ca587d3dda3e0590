"""The user of the last stage, and what it has to be able to write to."""

import re
from collections.abc import Iterable
from posixpath import normpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.recipe import Recipe
from dockeropt.syntax.instructions import User, Volume

_NEEDS_ROOT = re.compile(
    r"\b(?:gosu|su-exec|setpriv|sudo|usermod|useradd|adduser|groupmod|addgroup|apt-get|apk|crond?|crontab"
    r"|sshd|iptables|mount|chown|service|nginx|supervisord|tor|redis-server|postgres|mysqld|setcap|PUID"
    r"|pip install)\b|\bsu -"
)
_RAW_SOCKETS = frozenset(
    ("scapy", "pyroute2", "pyshark", "python-iptables", "bcc", "impacket", "rpi-gpio", "gpiozero")
)
_WRITES = re.compile(
    r"open\([^)\n]*,\s*(?:mode\s*=\s*)?[\"'][rb]?[wax]|\.mkdir\(|makedirs\(|FileHandler\(|sqlite|MEDIA_ROOT"
    r"|UPLOAD_FOLDER|\.write_(?:text|bytes)\(|shelve\.|\.to_(?:csv|excel|parquet|json)\([\"']|\.save\([\"']"
    r"|STATIC_ROOT|shutil\.(?:copy|move)|NamedTemporaryFile\([^)]*dir="
)
_FOLDER_SETTING = re.compile(
    r"(?i)(?:_|^)(?:dir|folder|path|root|home|data|cache|logs?|db|database|storage|store)s?(?:_|$)"
)
_NEVER = re.compile(
    r"^/(?:$|bin|boot|dev|etc|lib|proc|root|run|sbin|sys|usr|tmp|home|var/run|var/lib/apt|venv|opt/venv)(?:/|$)"
)


class UserPlan(NamedTuple):
    """Who the app runs as."""

    makes_user: bool
    """the old image runs as root, and the new one need not"""
    folders: tuple[str, ...]
    """made for the user: the app's own folder among them"""
    owns_files: bool
    """the copied files are the user's too"""
    decisions: tuple[Decision, ...]


NAME, NUMBER = "app", "1000"


def plan_user(project: PythonProject, recipe: Recipe, workdir: str, run_text: str) -> UserPlan:
    """Return the user; ``run_text`` is the start with its scripts."""
    user = recipe.end.user
    if user and user.partition(":")[0] not in ("root", "0"):
        return UserPlan(False, (), False, (Decision("user", user, "the old Dockerfile says so"),))
    if any(isinstance(step.view, User) for step in recipe.steps):
        return _root("the old Dockerfile says USER root")
    found = _NEEDS_ROOT.search(run_text)
    if found is not None:
        return _root(f"what starts calls {found[0]}")
    raw = sorted(project.direct & _RAW_SOCKETS)
    if raw:
        return _root(f"{raw[0]} opens what only root may open")
    if workdir == "/":
        return _root("the app is in the root folder, which no other user can write to")
    writes = next((path for path, text in project.sources.items() if _WRITES.search(text)), "")
    folders = _folders(project, recipe, workdir)
    decisions = [Decision("user", f"{NUMBER}, a user {NAME} made for it", "a server has no need of root")]
    if writes:
        reason = f"{writes} writes files, and the folder it writes to may be the app's own"
        decisions.append(Decision("files", f"belong to {NAME}", reason))
    if folders:
        reason = "the app writes there; what an older container left in a volume of it belongs to root"
        decisions.append(Decision("folders", ", ".join(folders), reason, is_notice=True))
    return UserPlan(True, (workdir, *folders), bool(writes), tuple(decisions))


def _root(reason: str) -> UserPlan:
    decision = Decision("user", "root, as before", reason, is_notice=True)
    return UserPlan(False, (), False, (decision,))


def _folders(project: PythonProject, recipe: Recipe, workdir: str) -> tuple[str, ...]:
    """Return folders outside the app's own that it may write to."""
    found: list[str] = []
    for step in recipe.steps:
        if isinstance(step.view, Volume):
            found += [recipe.expand(word, step.view) for word in step.view.paths]
    for part in (part for step in recipe.steps for part in step.parts):
        for command in part.commands:
            if command.base_name == "mkdir":
                found += [word.value for word in command.operands(("-m",)) if "$" not in word.value]
    for name, value in recipe.end.environment.items():
        if _FOLDER_SETTING.search(name) and re.fullmatch(r"/[\w./-]+", value):
            is_file = "." in value.rpartition("/")[2]
            found.append(value.rpartition("/")[0] if is_file else value)
    found += _mounted(project)
    paths = dict.fromkeys(normpath(path) for path in found if path.startswith("/"))
    outside = [
        p
        for p in paths
        if not _NEVER.match(p) and p != workdir and not p.startswith(workdir.rstrip("/") + "/")
    ]
    return tuple(path for path in outside if not workdir.startswith(path + "/"))


def _mounted(project: PythonProject) -> Iterable[str]:
    """Return folders of the container that the project's own compose files and README mount."""
    for path in project.folder.files:
        name = path.rpartition("/")[2].lower()
        if "/" in path:
            continue
        if re.fullmatch(r"(?:docker-)?compose[\w.-]*\.ya?ml", name):
            text = project.folder.read(path)
            indent = re.search(r"^services:\s*\n(?:\s*#.*\n|\s*\n)*([ \t]+)", text, re.MULTILINE)
            services = re.split(rf"^{indent[1] if indent else '  '}(?=\w)", text, flags=re.MULTILINE)
            for service in services:
                if re.search(r"^\s+build:", service, re.MULTILINE):
                    yield from _VOLUME.findall(service)
        elif name.startswith("readme"):
            yield from re.findall(r"(?:-v|--volume)[ =]\S+?:(/[\w./-]+)", project.folder.read(path))


_VOLUME = re.compile(r"^\s*-\s*[\"']?[\w./~${}:-]*?:(/[\w./-]+?)(?::\w+)?[\"']?\s*$", re.MULTILINE)

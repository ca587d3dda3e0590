"""The .dockerignore of a project whose sources are copied as a whole."""

import re
from collections.abc import Iterable

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.ignore_plan import IgnoreGroup, IgnorePlan
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.semantics.dockerignore import Matcher

_NEEDLESS = (
    ".dockerignore",
    "**/Dockerfile*",
    "**/*.Dockerfile",
    "compose*.y*ml",
    "docker-compose*.y*ml",
    ".github",
    ".gitlab-ci.yml",
    ".circleci",
    ".pre-commit-config.yaml",
    ".vscode",
    ".idea",
    ".devcontainer",
)
_QUIET_FOLDERS = ("docs", "test", "tests")
_DOCUMENTS = ("README*", "CHANGELOG*", "CONTRIBUTING*", "LICENSE*")
_CALLS_GIT = re.compile(
    r"setuptools.scm|hatch.vcs|versioneer|git\s+(?:rev-parse|describe|log)|poetry-dynamic"
)


def plan_ignore(
    folder: Folder, old: OldFiles, made: Iterable[str], needed: Iterable[str], texts: Iterable[str]
) -> IgnorePlan:
    """Return the .dockerignore.

    ``made`` are patterns of what installs and builds leave behind, ``needed`` what the Dockerfile copies by
    name, ``texts`` what may name a document or call Git.
    """
    decisions: list[Decision] = []
    kept = old.ignore_text or ""
    matcher = Matcher(kept)
    needed = tuple(needed)
    named = "\n".join(texts)
    groups: list[IgnoreGroup] = []
    if _CALLS_GIT.search(named):
        reason = "the version of the project may come from it"
        decisions.append(Decision(".git", "stays in the context", reason, is_notice=True))
    elif not matcher.excludes(".git/HEAD"):
        groups.append(IgnoreGroup("History: every commit would change the context", (".git",)))
    documents = [name for name in _DOCUMENTS if name.rstrip("*").lower() not in named.lower()]
    documents += _quiet_folders(folder, f"{named}\n{old.dockerfile_text}") if named else ()
    for comment, patterns in (
        ("Made by an install or a build", tuple(made)),
        ("Of no use to the build", (*_NEEDLESS, *documents)),
    ):
        fresh = [p for p in patterns if not _has(kept, p) and not _is_wanted(folder, p, needed, comment)]
        groups.append(IgnoreGroup(comment, tuple(fresh)))
    groups.append(IgnoreGroup("Settings of this machine", _dotenvs(folder, matcher, decisions)))
    again = tuple(f"!{name}" for name in needed if matcher.excludes(name))
    groups.append(IgnoreGroup("Copied by the Dockerfile", again))
    groups = [group for group in groups if group.patterns]
    name = old.ignore.rpartition("/")[2]
    if old.ignore_text is None:
        reason = "without it .git and what is left of builds are sent with every build"
        decisions.append(Decision(name, "new", reason))
    elif groups:
        added = sum(len(group.patterns) for group in groups)
        decisions.append(Decision(name, f"{added} patterns added", "what it has stays as it is"))
    return IgnorePlan(name, kept, tuple(groups), tuple(decisions))


def kept_ignore(old: OldFiles) -> IgnorePlan | None:
    """Return the old .dockerignore as it is, for a Dockerfile that stays; None where there is none."""
    if old.ignore_text is None:
        return None
    return IgnorePlan(old.ignore.rpartition("/")[2], old.ignore_text, (), ())


def _has(text: str, pattern: str) -> bool:
    lines = {line.strip().strip("/").removeprefix("**/") for line in text.splitlines()}
    return pattern.removeprefix("**/") in lines


def _is_wanted(folder: Folder, pattern: str, needed: tuple[str, ...], comment: str) -> bool:
    """Tell whether a pattern would leave out a file that is copied by name, or that is the project's."""
    matcher = Matcher(pattern)
    if any(matcher.excludes(name.rstrip("/")) for name in needed):
        return True
    if not comment.startswith("Made"):
        return False
    return any(matcher.excludes(path) for path in folder.tracked or ())


def _quiet_folders(folder: Folder, named: str) -> list[str]:
    """Return folders of documents and tests that no text of the project, nor the Dockerfile, names."""
    there = {path.partition("/")[0] for path in folder.files if "/" in path}
    return [name for name in _QUIET_FOLDERS if name in there and not re.search(rf"\b{name}\b", named)]


def _dotenvs(folder: Folder, matcher: Matcher, decisions: list[Decision]) -> tuple[str, ...]:
    """Return patterns for .env files that are not part of the project."""
    kept: list[str] = []
    for dotenv in folder.dotenvs:
        if matcher.excludes(dotenv.path):
            continue
        if dotenv.is_committed is False:
            reason = "it is not committed; set its variables where the container runs"
            decisions.append(Decision(dotenv.path, "left out of the context", reason, is_notice=True))
            continue
        kept.append(f"!{dotenv.path}")
        if dotenv.is_committed is None:
            reason = "it may be part of the app: no .gitignore leaves it out"
            decisions.append(Decision(dotenv.path, "stays in the context", reason, is_notice=True))
    lines = {("!" if pattern.is_exception else "") + pattern.text for pattern in matcher.patterns}
    if "**/.env" in lines or matcher.excludes(".env"):
        return tuple(line for line in kept if line not in lines)
    return ("**/.env", "**/.env.*", "!**/.env.example", *kept)

"""ENTRYPOINT and CMD of a server: the program itself where that is safe, else what the old image ran."""

import json
import re

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.output import Server
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.scripts_of import calls_other_manager
from dockeropt.rewrite.node.sources import Sources
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.steps import CopyStep

SIGNAL_FILE = "/usr/local/lib/end-on-signal.cjs"
_END_BY_THEMSELVES = frozenset(("next", "react-router-serve", "remix-serve"))


class AppCommand(NamedTuple):
    """The instructions in their JSON forms, and what they need in the last stage."""

    words: tuple[str, ...]
    entrypoint: str
    command: str
    ends_on_signal: bool
    tools: tuple[str, ...]
    copies: tuple[CopyStep, ...]
    needs_bash: bool
    kept: tuple[str, ...]


def plan_command(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    server: Server,
    sources: Sources,
    program: str,
    decisions: list[Decision],
) -> AppCommand:
    """Return how the server is started."""
    words, ends_by_itself, kept = _words(project, start, server, sources, decisions)
    tools = _tools(intent, words, start)
    ends_on_signal = words[:1] == ("node",) and not ends_by_itself
    if ends_on_signal:
        words = ("node", "--require", SIGNAL_FILE, *words[1:])
        reason = "Node as PID 1 ignores SIGTERM unless the app handles it: docker stop would take ten seconds"
        decisions.append(Decision("signals", "end-on-signal.cjs is loaded first", reason))
    elif words[:1] == ("node",):
        decisions.append(Decision("signals", "handled by the server itself", "as PID 1 it gets SIGTERM"))
    entrypoint, needs_bash = "", False
    copies: tuple[CopyStep, ...] = ()
    if start is not None and start.script:
        entrypoint, copies, needs_bash = _script(project, start, decisions)
    command = json.dumps(words) if words else ""
    decisions.append(
        Decision(
            "start",
            f"{entrypoint} {command}".strip(),
            f"the old one runs {start.text!r}"
            if start is not None and start.is_old
            else "package.json says so",
        )
    )
    return AppCommand(words, entrypoint, command, ends_on_signal, tools, copies, needs_bash, kept)


def _words(
    project: Project, start: AppStart | None, server: Server, sources: Sources, decisions: list[Decision]
) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """Return the words of CMD, whether that program ends on SIGTERM, and what of them is the user's text."""
    if server.command:
        return server.command, server.ends_by_itself or sources.handles_signals, ()
    if start is None or not (start.words or start.shell or start.before):
        return (), True, ()
    if start.before or start.shell:
        text = start.text
        called = re.match(r"(?:npm|yarn|pnpm|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)$", text)
        name = called[1] if called else ""
        scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
        if name in scripts and not calls_other_manager(name, scripts):
            return ("npm", "run", name), True, ()
        line = " && ".join((*start.before, " ".join(start.words))) if start.before and start.words else text
        if start.before and start.words:
            line = " && ".join(
                (*(_local(each) for each in start.before), "exec " + _shell(_program(project, start)))
            )
        return ("sh", "-c", line), True, (line,)
    words = _program(project, start)
    if start.is_development:
        words = _without_watcher(words)
        reason = f"{start.text!r} watches the sources, which an image has no use for"
        decisions.append(Decision("start", " ".join(words), reason, is_notice=True))
    ends = sources.handles_signals or words[0].rpartition("/")[2] in _END_BY_THEMSELVES
    return words, ends, ()


def _program(project: Project, start: AppStart) -> tuple[str, ...]:
    """Return the words with a program of node_modules by its path."""
    first = start.words[0]
    if first in ("node", "bun", "npm", "deno", "pm2", "pm2-runtime") or "/" in first:
        return start.words
    packages = {**project.manifest.all_dependencies, **project.app.manifest.all_dependencies}
    if first in packages or first in _BIN_PACKAGES:
        return (f"node_modules/.bin/{first}", *start.words[1:])
    return start.words


_BIN_PACKAGES = frozenset(
    (
        "react-router-serve",
        "remix-serve",
        "tsc",
        "nest",
        "sequelize",
        "sequelize-cli",
        "ng",
        "strapi",
        "directus",
    )
)


def _without_watcher(words: tuple[str, ...]) -> tuple[str, ...]:
    rest = [word for word in words[1:] if word not in ("--watch", "-L", "--legacy-watch", "--inspect")]
    return ("node", *rest)


def _local(text: str) -> str:
    return re.sub(r"^(?:yarn|pnpm(?: exec)?|bunx)\s+(?!run\b)", "npx ", text)


def _shell(words: tuple[str, ...]) -> str:
    return " ".join(
        word if re.fullmatch(r"[\w@%+=:,./-]+", word) else "'" + word.replace("'", "'\\''") + "'"
        for word in words
    )


def _tools(intent: Intent | None, words: tuple[str, ...], start: AppStart | None) -> tuple[str, ...]:
    """Return the global npm packages whose programs the start command calls."""
    text = " ".join(words)
    found = [
        tool
        for tool in (() if intent is None else intent.tools)
        if re.search(rf"(?:^|\s){re.escape(_name(tool))}(?:-runtime)?(?=\s|$)", text)
    ]
    return tuple(dict.fromkeys(found))


def _name(package: str) -> str:
    return package if package.startswith("@") else package.partition("@")[0]


def _script(
    project: Project, start: AppStart, decisions: list[Decision]
) -> tuple[str, tuple[CopyStep, ...], bool]:
    """Return ENTRYPOINT for a script that runs first, its copy where it has to be made executable."""
    name = start.script.rpartition("/")[2]
    candidates = [path for path in project.files if path.rpartition("/")[2] == name]
    if not candidates:
        reason = f"{start.script} is not in the project"
        decisions.append(Decision("start", start.script, reason, is_notice=True))
        return json.dumps([start.script]), (), False
    path = min(candidates, key=len)
    target = start.script if start.script.startswith("/") else f"./{path}"
    first = (project.read(path).splitlines() or [""])[0]
    step = CopyStep((path,), target, flags=("--chmod=755",))
    return json.dumps([target]), (step,), first.startswith("#!") and "bash" in first

"""How an old Dockerfile with one stage lays out its files, and what of it no new layout can keep."""

import re
from posixpath import join, normpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import shortened
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.roles import Role
from dockeropt.rewrite.steps import CopyStep
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy, Run, Workdir

_ELSEWHERE = re.compile(r"(?:^|[\s=:>\"'])(/(?!tmp\b|dev/|run/secrets)[\w.-]+(?:/[^\s\"';&|]*)?)")
_NODE_COMMAND = re.compile(
    r"^(?:\{ )?(?:export|npx|npm|yarn|pnpm|bunx?|node|tsc|cp|mv|sed|touch|cat|printf|echo|find|ls|if|for|\["
    r"|set|cd|sh|bash|\./)"
)
_INSTALL = re.compile(r"\b(?:npm|yarn|pnpm|bun)\s+(?:i\b|install|ci|add)|^yarn$")
_GLOBAL = re.compile(r"\s(?:-g|--global)\b|global add")
_BROWSERS = re.compile(r"playwright\s+install|puppeteer\s+browsers|cypress\s+install|patchright\s+install")


class Layout(NamedTuple):
    """Copies to places outside the working directory, and why the layout cannot be kept, if it cannot."""

    copies: tuple[CopyStep, ...]
    problem: str


def read_layout(build: Build, project: Project, intent: Intent) -> Layout:
    """Return where the old Dockerfile puts files of the context."""
    final = build.final_stage
    workdir = intent.final.workdir or "/"
    place = "/"
    copies: list[CopyStep] = []
    installs: list[str] = []
    for view in () if final is None else (v for s in reversed(build.lineage(final)) for v in s.views):
        if isinstance(view, Workdir) and view.path is not None:
            place = normpath(join(place, build.expand(view.path, view).text))
        elif isinstance(view, Run):
            text = view.command.script.text
            if _INSTALL.search(text) and not _GLOBAL.search(text):
                moved = re.search(r"\bcd\s+([^\s;&]+)", text)
                installs.append(place if moved is None else normpath(join(place, moved[1])))
        elif isinstance(view, Copy) and view.target is not None and view.source_stage is None:
            target = build.expand(view.target, view).text
            names = [build.expand(source, view).text for source in view.sources]
            if view.is_add and any(
                "://" in n or re.search(r"\.(?:tgz|tar(?:\.\w+)?|zip)$", n) for n in names
            ):
                return Layout((), f"ADD {' '.join(names)} unpacks or downloads")
            problem, step = _read_copy(project, names, target, place, workdir)
            if problem:
                return Layout((), problem)
            if step is not None:
                copies.append(step)
    if len(set(installs)) > 1:
        return Layout((), f"it installs packages in several folders: {', '.join(dict.fromkeys(installs))}")
    if installs and installs[0] != workdir:
        return Layout((), f"it installs in {installs[0]} and runs in {workdir}")
    return Layout(tuple(copies), _command_problem(intent, workdir))


def _read_copy(
    project: Project, names: list[str], target: str, place: str, workdir: str
) -> tuple[str, CopyStep | None]:
    """Return why a COPY cannot be kept, and the step where it goes outside the working directory."""
    goal = normpath(join(place, target))
    into_folder = target.endswith(("/", ".")) or len(names) > 1
    inside = goal == workdir or goal.startswith(workdir.rstrip("/") + "/")
    if not inside:
        return "", CopyStep(
            tuple(name.removeprefix("./") for name in names), goal + ("/" if into_folder else "")
        )
    for name in names:
        plain = normpath(name.lstrip("/"))
        here = normpath(join(workdir, plain))
        is_folder = plain == "." or project.has_folder(plain)
        if is_folder:
            fits = goal == here
        else:
            folder = here.rpartition("/")[0] or "/"
            fits = goal == here or (goal == folder and (into_folder or goal == workdir))
        if not fits:
            return f"it copies {name} to {goal}, which is laid out unlike the project", None
    return "", None


def _command_problem(intent: Intent, workdir: str) -> str:
    """Return a command whose effect would be lost when only the built app is copied, empty for none."""
    for run in intent.final.runs:
        if run.has_role(Role.BUILD, Role.GENERATE) and re.search(r"(?:^|[\s;&])cd\s+\S", run.text):
            return f"{shortened(run.text)!r} builds in another folder"
        for segment in run.segments:
            if _BROWSERS.search(segment.text):
                return f"{shortened(segment.text)!r} installs a browser outside the app"
            if not segment.has(Role.OTHER):
                continue
            outside = [
                p for p in _ELSEWHERE.findall(segment.text) if not p.startswith(workdir.rstrip("/") + "/")
            ]
            if outside and outside != [workdir]:
                return f"{shortened(segment.text)!r} changes {outside[0]}, outside the app"
            if not _NODE_COMMAND.search(segment.text):
                return f"what {shortened(segment.text)!r} does is not known"
    return ""

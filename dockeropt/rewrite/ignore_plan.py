"""The .dockerignore that belongs to the rewritten Dockerfile."""

import re
from collections.abc import Iterable

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.semantics.dockerignore import Matcher


class IgnoreGroup(NamedTuple):
    """Patterns with the reason they stand there."""

    comment: str
    patterns: tuple[str, ...]


class IgnorePlan(NamedTuple):
    """The file: its path, what stays of the old one, and the groups to add."""

    path: str
    kept: str
    groups: tuple[IgnoreGroup, ...]
    decisions: tuple[Decision, ...]


class IgnoreFacts(NamedTuple):
    """What a stack knows of its project that decides what may be left out."""

    made: tuple[str, ...]
    """patterns of what an install or a build makes"""
    sources: tuple[str, ...] = ()
    """files the build needs for certain: an old .dockerignore that leaves one out is replaced"""
    texts: tuple[str, ...] = ()
    """configuration and scripts: what they name is no leftover, and a call of Git in them keeps .git"""
    build_script: str = ""
    """a ``--dotenv FILE`` in it is read by the build"""
    source_folders: frozenset[str] = frozenset()
    """folders of the root whose files are the app's, whatever their names"""


_ALWAYS = (
    ("Left behind by tools", ("**/*.log", "**/.DS_Store", "coverage", "playwright-report", "test-results")),
    (
        "Of no use to the build",
        (
            ".dockerignore",
            "**/Dockerfile*",
            "**/*.Dockerfile",
            "**/compose*.y*ml",
            "**/docker-compose*.y*ml",
            ".github",
            ".gitlab-ci.yml",
            ".circleci",
            ".husky",
            ".vscode",
            ".idea",
            "*.md",
            "LICENSE*",
            "**/*.spec.ts",
            "**/*.test.ts",
        ),
    ),
)
_CALLS_GIT = re.compile(
    r"simple-git|git-rev|isomorphic-git|git\s+(?:rev-parse|describe|log|show)|execSync\(['\"`]git"
)


def plan_ignore(
    folder: Folder,
    facts: IgnoreFacts,
    path: str,
    old: str | None,
    needed: Iterable[str],
    hidden: Iterable[str] = (),
) -> IgnorePlan:
    """Return the .dockerignore at ``path``.

    ``needed`` are the files the Dockerfile copies by name, ``hidden`` those that hold credentials.
    """
    decisions: list[Decision] = []
    needed = tuple(dict.fromkeys(needed))
    kept = _kept(facts, path, old, needed, decisions)
    groups: list[IgnoreGroup] = []
    matcher = Matcher(kept)
    made = ("Made by an install or a build", facts.made)
    for comment, patterns in (made, *_ALWAYS, ("Documents and tests", _quiet_folders(folder, facts))):
        free = [pattern for pattern in patterns if _is_free(folder, pattern)]
        narrowed = list(free) if patterns is facts.made else [_narrowed(folder, facts, each) for each in free]
        fresh = [p for p in narrowed if not _has(kept, p) and not _names(p, needed)]
        groups.append(IgnoreGroup(comment, tuple(fresh)))
    git = _git(facts, decisions)
    if git and not matcher.excludes(".git/HEAD"):
        groups.insert(0, IgnoreGroup("History: every commit would change the context", (".git",)))
    secret = tuple(name for name in hidden if not matcher.excludes(name))
    if secret:
        groups.append(IgnoreGroup("Holds a credential: given to the build as a secret", secret))
    # what the old file left out stays left out, even where it is replaced
    was_out = matcher if kept else Matcher(old or "")
    groups.append(
        IgnoreGroup("Settings of this machine", _dotenvs(folder, facts, matcher, was_out, decisions))
    )
    again = tuple(f"!{name}" for name in needed if matcher.excludes(name))
    if again:
        groups.append(IgnoreGroup("Copied by the Dockerfile", again))
    groups = [group for group in groups if group.patterns]
    if old is None:
        decisions.append(Decision(path, "new", "without it .git and node_modules are sent with every build"))
    elif kept and groups:
        added = sum(len(group.patterns) for group in groups)
        decisions.append(Decision(path, f"{added} patterns added", "what it has stays as it is"))
    return IgnorePlan(path, kept, tuple(groups), tuple(decisions))


def _kept(
    facts: IgnoreFacts, path: str, old: str | None, needed: tuple[str, ...], decisions: list[Decision]
) -> str:
    """Return the old file, or nothing where it leaves out what the app is built from."""
    if not old:
        return ""
    matcher = Matcher(old)
    gone = [name for name in facts.sources if matcher.excludes(name)]
    if gone:
        reason = f"it leaves out {', '.join(gone)}, which the build needs"
        decisions.append(Decision(path, "replaced", reason, is_notice=True))
        return ""
    return old


def _has(text: str, pattern: str) -> bool:
    lines = {line.strip().strip("/").removeprefix("**/") for line in text.splitlines()}
    return pattern.removeprefix("**/") in lines


def _is_free(folder: Folder, pattern: str) -> bool:
    """Tell whether a pattern leaves out nothing of the project itself: what Git tracks is no leftover."""
    if pattern in ("coverage", "playwright-report", "test-results"):
        tracked = folder.files if folder.tracked is None else folder.tracked
        return not any(file.startswith(pattern + "/") for file in tracked)
    return True


def _quiet_folders(folder: Folder, facts: IgnoreFacts) -> tuple[str, ...]:
    """Return folders of documents and tests that the build cannot be reading."""
    named = " ".join(text for text in facts.texts if "test" not in text.partition(" ")[0])
    found: list[str] = []
    for name in _QUIET_FOLDERS:
        files = [file for file in folder.files if file.startswith(name + "/")]
        is_package = any(file.endswith(("package.json", ".vue")) for file in files)
        if files and not is_package and not re.search(rf"[\s'\"`./]{name}[/'\"`]", named):
            found.append(name)
    return tuple(found)


_QUIET_FOLDERS = ("docs", "test", "tests", "e2e", "cypress", "__tests__")


def _narrowed(folder: Folder, facts: IgnoreFacts, pattern: str) -> str:
    """Return a pattern for the root alone where it would leave out one of the app's own pages or files."""
    if not pattern.startswith("**/") or pattern.endswith((".spec.ts", ".test.ts")):
        return pattern
    matcher = Matcher(pattern)
    taken = any(
        matcher.excludes(file) for file in folder.files if file.partition("/")[0] in facts.source_folders
    )
    return pattern.removeprefix("**/") if taken else pattern


def _names(pattern: str, needed: tuple[str, ...]) -> bool:
    matcher = Matcher(pattern)
    return any(matcher.excludes(name) for name in needed)


def _git(facts: IgnoreFacts, decisions: list[Decision]) -> bool:
    """Tell whether .git can be left out: not where the build asks Git for a commit."""
    found = next((match for text in facts.texts if (match := _CALLS_GIT.search(text)) is not None), None)
    if found is None:
        return True
    decisions.append(
        Decision(".git", "stays in the context", f"the build may ask Git: {found[0]}", is_notice=True)
    )
    return False


def _dotenvs(
    folder: Folder, facts: IgnoreFacts, matcher: Matcher, was_out: Matcher, decisions: list[Decision]
) -> tuple[str, ...]:
    """Return patterns for .env files that are not part of the project."""
    scripts = " ".join(facts.texts)
    patterns = ["**/.env", "**/.env.*", "!**/.env.example"]
    kept: list[str] = []
    for dotenv in folder.dotenvs:
        name = dotenv.path.rpartition("/")[2]
        if dotenv.is_committed is False and f"--dotenv {name}" not in scripts:
            continue
        if was_out.excludes(dotenv.path):
            continue
        kept.append(f"!{dotenv.path}")
        reason = (
            "it is committed, and the build reads it"
            if dotenv.is_committed
            else "it may be part of the app: no .gitignore leaves it out"
        )
        decisions.append(
            Decision(dotenv.path, "stays in the context", reason, is_notice=dotenv.is_committed is None)
        )
    for name in dict.fromkeys(re.findall(r"--dotenv[ =](\S+)", facts.build_script)):
        if not folder.has(name):
            choice = "has to be in the context when the image is built"
            decisions.append(Decision(name, choice, "the build script reads it, and it is not here", True))
            kept.append(f"!{name}")
    local = [
        dotenv.path
        for dotenv in folder.dotenvs
        if dotenv.is_committed is False and not was_out.excludes(dotenv.path)
    ]
    for path in local:
        reason = "it is not committed; set its variables where the container runs, or as build arguments"
        decisions.append(Decision(path, "left out of the context", reason, is_notice=True))
    lines = {("!" if pattern.is_exception else "") + pattern.text for pattern in matcher.patterns}
    if "**/.env" in lines or (matcher.excludes(".env") and matcher.excludes(".env.local")):
        patterns = []
    return (*patterns, *(line for line in kept if line not in lines))

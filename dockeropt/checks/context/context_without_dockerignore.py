"""DO5001: the whole context is copied and nothing says what to leave out."""

from collections.abc import Iterator
from posixpath import normpath

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.manifests import is_quiet
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.tree import Word

_NEEDLESS = (
    ".git",
    "node_modules",
    ".venv",
    "venv",
    "__pycache__",
    "target",
    "dist",
    ".next",
    ".nuxt",
    ".output",
)
_UNITS = ("bytes", "kB", "MB", "GB")


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield one finding at the first source that takes the whole context, where there is no .dockerignore."""
    context = build.context
    if context is None or context.dockerignore is not None:
        return
    for stage in build.stages:
        for view in stage.views:
            if not isinstance(view, Copy) or view.source_stage is not None:
                continue
            for source in view.sources:
                if normpath(source.value) in (".", "*") and "$" not in source.value:
                    yield Finding(source.span, _message(source, view, context))
                    return


def _message(source: Word, copy: Copy, context: Context) -> str:
    files = context.select((source.value,), tuple(word.value for word in copy.exclude), copy.parents)
    sizes: dict[str, int] = {}
    for file in files:
        parts = file.path.split("/")
        folder = next((part for part in parts[:-1] if part in _NEEDLESS), None)
        if folder is not None:
            sizes[folder] = sizes.get(folder, 0) + file.size
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))[:3]
    line = f"{copy.instruction.keyword} {copy.instruction.body.text}"
    if largest:
        listed = [f"`{name}` ({_size(sizes[name])})" for name in largest]
        return (
            f"there is no .dockerignore, so `{line}` takes {_list(listed)} along "
            "and runs again when anything in there changes; list them in one"
        )
    quiet = sorted((file.path for file in files if "/" not in file.path and is_quiet(file.path)), key=_fame)
    edited = " or ".join(f"`{path}`" for path in quiet[:2]) or "any file"
    return (
        f"there is no .dockerignore, so `{line}` and all after it run again "
        f"when {edited} changes; list what the build does not read in one"
    )


def _fame(path: str) -> tuple[bool, str]:
    return not path.startswith(("Dockerfile", "README")), path


def _list(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _size(count: int) -> str:
    """Return bytes in the unit that leaves three digits at most."""
    value = float(count)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            break
        value /= 1000
    return f"{value:.0f} {unit}"


RULE = Rule("DO5001", "context-without-dockerignore", Severity.WARNING, Build, check)

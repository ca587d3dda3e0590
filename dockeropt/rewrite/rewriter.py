"""From a folder to its rewritten Dockerfile and .dockerignore."""

from dockeropt.errors import UsageError
from dockeropt.files import list_files
from dockeropt.lint.fixer import fix_source
from dockeropt.lint.linter import lint_source
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.detection import choose_stack
from dockeropt.rewrite.folder import read_folder
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import DEFAULTS, Options
from dockeropt.rewrite.render import Rewritten, render, render_ignore
from dockeropt.rewrite.stacks import InPlace, Stack
from dockeropt.rewrite.verify import check_reading, fix_decisions, verify
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.edits import apply
from dockeropt.syntax.source import Source


class Outcome(NamedTuple):
    """The rewritten files, and those they replace: paths, and texts that are empty for new files."""

    rewritten: Rewritten
    dockerfile_path: str
    old_dockerfile: str
    ignore_path: str
    old_ignore: str
    is_in_place: bool = False
    """the old Dockerfile stays, with the linter's fixes"""


def rewrite(
    root: str,
    dockerfile: str | None,
    options: Options = DEFAULTS,
    stack: str | None = None,
) -> Outcome:
    """Return the rewrite of the project in ``root``; nothing is written. ``stack`` names one of STACKS.

    Raises UsageError for what cannot be rewritten, InternalError when the result fails its own checks.
    """
    folder = read_folder(root)
    chosen = choose_stack(folder, stack, dockerfile, options.app)
    _refuse_base(chosen.stack, options)
    old = chosen.old
    draft = chosen.stack.draft(folder, old, options)
    ignore = render_ignore(draft.ignore)
    if isinstance(draft, InPlace):
        context = _context(root, ignore)
        text, decisions = _mend(draft, old, context)
        rewritten = Rewritten(text, ignore, (chosen.decision, *draft.decisions, *decisions))
    else:
        rewritten = Rewritten(render(draft), ignore, (chosen.decision, *draft.decisions))
        gain = (_LITTLE_TO_GAIN,) if old.build is not None and _is_lean(old.build) else ()
        text, notices = verify(rewritten, _context(root, ignore), draft.kept_texts)
        rewritten = Rewritten(text, ignore, (*rewritten.decisions, *gain, *notices))
    return Outcome(
        rewritten,
        old.dockerfile,
        old.dockerfile_text,
        old.ignore,
        old.ignore_text or "",
        isinstance(draft, InPlace),
    )


def _refuse_base(stack: Stack, options: Options) -> None:
    if options.base is None or options.base in stack.bases:
        return
    names = " or ".join(base.value for base in stack.bases)
    hint = f"take {names}, or leave it out" if names else "leave it out: the old image and the program say it"
    raise UsageError(f"--base {options.base.value} is not for {stack.title}", hint)


_LITTLE_TO_GAIN = Decision(
    "gain",
    "little: the old Dockerfile has two stages and our linter finds no cache or size fault in it",
    "measure both before you change it: dockeropt measure",
    is_notice=True,
)


def _is_lean(build: Build) -> bool:
    """Tell whether the old Dockerfile already does what a rewrite is for."""
    has_stages = len(build.needed_stages()) > 1
    return has_stages and not any(
        diagnostic.code.startswith(("DO1", "DO2")) for diagnostic in lint_source(build.dockerfile.source)
    )


def _mend(draft: InPlace, old: OldFiles, context: Context) -> tuple[str, tuple[Decision, ...]]:
    """Return the old Dockerfile with the linter's safe fixes, and what they did."""
    decision = Decision("Dockerfile", "stays", draft.reason, is_notice=True)
    if old.build is None:
        return "", (decision,)
    source = old.build.dockerfile.source
    if draft.edits:
        source = Source(apply(source.text, draft.edits), source.path)
        check_reading(source)
    fixed = fix_source(source, context=context)
    return fixed.source.text, (decision, *fix_decisions(fixed))


def _context(root: str, ignore: str) -> Context:
    def files() -> tuple[File, ...]:
        return tuple(File(*file) for file in list_files(root))

    return Context(files, ignore, root)

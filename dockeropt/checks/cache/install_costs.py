"""What an install that starts from too much costs, in words."""

from dockeropt.checks.cache.excess import Excess, Width
from dockeropt.checks.packages.installs import Install
from dockeropt.checks.packages.manifest_names import manifest_names
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.source import Span


def edits_of(excess: Excess) -> str:
    if excess.width is Width.EVERYTHING:
        return "every edited file"
    return f"every edit {'of' if excess.width is Width.FILE else 'in'} `{excess.pattern}`"


def cost_of(install: Install, has_manifests: bool, build: Build, excess: Excess) -> str:
    if install.reads is Reads.NOTHING:
        unread = "reads none of them" if excess.width is Width.EVERYTHING else "does not read it"
        return f"runs `{install.line}` again, which {unread}; install before you copy"
    names = manifest_names(install, build.context, excess.pattern)
    if install.reads is Reads.SOURCES:
        return (
            f"makes `{install.line}` fetch the dependencies again; "
            f"copy {names} first and run `{install.manager.fetch}`"
        )
    first = "install before you copy it" if has_manifests else f"copy {names} first"
    return f"runs `{install.line}` again; {first}"


def place_of(excess: Excess) -> Span:
    view = excess.step.view
    if isinstance(view, Copy) and view.sources:
        return view.sources[0].span
    return view.instruction.keyword_span

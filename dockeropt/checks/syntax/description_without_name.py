"""InvalidDefinitionDescription: a comment taken for a description that it is not."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.syntax.references import without_line_end
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import insert, line_end
from dockeropt.syntax.instructions import Arg, From, View
from dockeropt.syntax.tree import Comment, Dockerfile, Instruction


def check(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a comment right above ARG or FROM that does not begin with what is defined."""
    views = {view.instruction.span.start: view for view in _defining(build)}
    previous: Comment | None = None
    for node in dockerfile.nodes:
        if isinstance(node, Instruction) and previous is not None:
            names = _names(views.get(node.span.start))
            if names and previous.text.split(" ")[0] not in names:
                yield Finding(
                    without_line_end(previous.span, dockerfile.source.text),
                    f"this comment is taken for the description of `{names[0]}`; "
                    f"begin it with `# {names[0]} `, or leave a line empty below it",
                    fix_of(
                        "leave a line empty below",
                        insert(previous.span.end, line_end(dockerfile.source.text, previous.span.start)),
                    ),
                )
        previous = node if isinstance(node, Comment) else None


def _defining(build: Build) -> Iterator[View]:
    yield from build.global_views
    for stage in build.stages:
        yield stage.start
        yield from stage.views


def _names(view: View | None) -> list[str]:
    if isinstance(view, From):
        return [view.name.raw] if view.name is not None else []
    return [pair.key.value for pair in view.pairs] if isinstance(view, Arg) else []


RULE = Rule(
    "InvalidDefinitionDescription",
    "description-without-name",
    Severity.IGNORE,
    Dockerfile,
    check,
    fixes=Applicability.SAFE,
)

"""An instruction in its build, as the documented differences look at it."""

from collections.abc import Mapping
from typing import NamedTuple

from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.resolver import resolve
from dockeropt.shell.script import Dialect
from dockeropt.syntax.instructions import Run, View
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source


class Site(NamedTuple):
    """An instruction for which one of the two linters reports something."""

    build: Build
    view: View | None
    """None outside of every instruction"""
    text: str
    """keyword and arguments, continuations joined, then the bodies of its heredocs"""

    @property
    def stage(self) -> Stage | None:
        """The stage the instruction stands in, None before the first FROM."""
        if self.view is None:
            return None
        try:
            return self.build.stage_of(self.view)
        except LookupError:
            return None

    @property
    def is_shipped(self) -> bool:
        """Whether its layer is one of the image's."""
        final, stage = self.build.final_stage, self.stage
        return final is None or stage is None or stage in self.build.lineage(final)

    @property
    def is_windows(self) -> bool:
        """Whether it is a script for PowerShell or cmd."""
        return isinstance(self.view, Run) and self.build.dialect_of(self.view) is not Dialect.POSIX

    @property
    def image_name(self) -> str:
        """The last part of the image's name that its stage is FROM in the end, empty for none."""
        stage = self.stage
        image = None if stage is None else self.build.root_image(stage)
        return "" if image is None else image.last_name


def sites_of(source: Source) -> Mapping[int, Site]:
    """Return the instructions of a Dockerfile by the line on which each begins."""
    build = resolve(parse(source))
    found: dict[int, Site] = {}
    for stage in build.stages:
        for view in (stage.start, *stage.views):
            found[_line(source, view)] = Site(build, view, _text(view))
    for view in build.global_views:
        found[_line(source, view)] = Site(build, view, _text(view))
    return found


def nowhere(source: Source) -> Site:
    """Return the site of what is reported outside of every instruction."""
    return Site(resolve(parse(source)), None, "")


def _line(source: Source, view: View) -> int:
    return source.position(view.instruction.keyword_span.start).line


def _text(view: View) -> str:
    instruction = view.instruction
    flags = "".join(
        f" --{flag.name}" + (f"={flag.value.raw}" if flag.value else "") for flag in instruction.flags
    )
    bodies = "".join(f"\n{heredoc.body.text}" for heredoc in instruction.heredocs)
    return f"{instruction.keyword}{flags} {instruction.body.text}{bodies}"

"""Edits of the words of a RUN's commands: one more, one less, another.

Each returns None inside the script of another shell (``sh -c "…"``): what stands in quotes is left alone.
"""

from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, insert
from dockeropt.syntax.instructions import Form, Run
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_MOST_SCRIPTS = 100
"""scripts in quotes in one RUN; where there are more, nothing is changed"""


def insert_word(after: Word, text: str, run: Run, build: Build) -> Edit | None:
    """Return the edit that puts a word behind another one, in either form."""
    if run.command.form is Form.EXEC:
        return insert(after.span.end, f', "{text}"') if after.raw.startswith('"') else None
    return insert(after.span.end, f" {text}") if is_open(after.span, run, build) else None


def replace_words(first: Word, last: Word, text: str, run: Run, build: Build) -> Edit | None:
    """Return the edit that writes a text for the words from the first to the last."""
    span = Span(first.span.start, last.span.end)
    raw = build.dockerfile.text_of(span)
    if run.command.form is Form.EXEC or "\n" in raw or not is_open(span, run, build):
        return None
    return Edit(span, text)


def remove_word(word: Word, run: Run, build: Build) -> Edit | None:
    """Return the edit that takes a word out with the blanks before it, and its line where it stands alone."""
    script = build.script_of(run)
    if script is None or not word.is_contiguous or not is_open(word.span, run, build):
        return None
    text = build.dockerfile.source.text
    start, end = word.span
    while text[start - 1] in " \t":
        start -= 1
    if text[start - 1] == "\n":
        rest = text.find("\n", end) + 1
        if not rest or text[end:rest].strip() != build.dockerfile.escape:
            return None
        return Edit(Span(start, rest), "")
    return Edit(Span(start, end), "")


def is_open(span: Span, run: Run, build: Build) -> bool:
    """Tell whether what stands there is the RUN's own script, not one in quotes."""
    script = build.script_of(run)
    if script is None:
        return False
    if len(script.inner) > _MOST_SCRIPTS:
        return False
    return not any(each.span.start <= span.start < each.span.end for each in script.inner)

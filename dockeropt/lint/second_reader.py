"""Reading a Dockerfile a second time, with a parser that is not ours, before it is written."""

import re

from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from dockeropt.syntax.tree import Dockerfile, Instruction

_BLANKS = re.compile(r"\s+")
_MISREAD = re.compile(
    r"""(?mx)
      \\[ \t]*\r?\n (?:[ \t]*\#[^\n]*\n)* [ \t]*\r?\n   # a blank line in a continuation
    | \\\\[ \t]*\r?$                                       # two backslashes at the end, which do not continue
    | ^[ \t]*[A-Za-z-]*\\[ \t]*\r?$                         # a keyword, or nothing, before the continuation
    | ^[ \t]*[A-Za-z]+ (?:[ \t]+--[^ \t\n]+)* [ \t]+--[ \t]   # the end of the flags
    """
)


def disagreement(text: str) -> str | None:
    """Return how dockerfile-parse reads other instructions than we do, None where it agrees.

    It is not asked where it is known to misread: heredocs, blank lines in a continuation, a keyword or
    nothing before one, a continuation at the end of the file, two backslashes at the end of a line, a bare
    ``--``, a byte order mark, any escape character but the backslash, and what BuildKit refuses.
    """
    text = text.encode("utf-8", "replace").decode()  # it reads nothing but UTF-8
    dockerfile = parse(Source(text))
    if not _is_fit(text, dockerfile):
        return None
    from io import BytesIO

    from dockerfile_parse import DockerfileParser

    reader = DockerfileParser(fileobj=BytesIO(text.encode()))
    theirs = [
        (entry["instruction"], _plain(entry["value"]))
        for entry in reader.structure
        if entry["instruction"] != "COMMENT"
    ]
    ours = [(each.keyword, _plain(_body(text, each))) for each in dockerfile.instructions]
    for number, (own, other) in enumerate(zip(ours, theirs, strict=False), 1):
        if own != other:
            return f"instruction {number}: {_show(own)} here, {_show(other)} there"
    if len(ours) != len(theirs):
        return f"{len(ours)} instructions here, {len(theirs)} there"
    return None


def _is_fit(text: str, dockerfile: Dockerfile) -> bool:
    if dockerfile.escape != "\\" or text.startswith("\ufeff") or text.rstrip().endswith("\\"):
        return False
    if dockerfile.problems or any(each.heredocs or not each.body.text for each in dockerfile.instructions):
        return False
    return _MISREAD.search(text) is None


def _body(text: str, instruction: Instruction) -> str:
    """Return flags and arguments as one line: dockerfile-parse does not tell them apart."""
    flags = [text[flag.span.start : flag.span.end] for flag in instruction.flags]
    return " ".join([*flags, instruction.body.text])


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _show(instruction: tuple[str, str]) -> str:
    keyword, body = instruction
    return repr(f"{keyword} {body[:60]}")

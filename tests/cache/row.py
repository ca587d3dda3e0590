"""One row of the table: a change to a small build, and what runs again."""

from collections.abc import Mapping
from typing import NamedTuple

from dockeropt.cache.steps import Mode


class Content(NamedTuple):
    """A file of a row's context."""

    text: str
    mode: int = 0o644
    modified: int = 1_700_000_000
    """seconds since 1970"""
    is_link: bool = False
    """a symbolic link that points where ``text`` says"""


def link(target: str) -> Content:
    """Return a symbolic link."""
    return Content(target, 0o777, is_link=True)


class Row(NamedTuple):
    """One change: what is different in ``after``, where given, and which steps run again."""

    before: str
    after: str | None = None
    files: Mapping[str, Content] = {}
    files_after: Mapping[str, Content | None] | None = None
    """only what differs; None deletes"""
    arguments: Mapping[str, str] = {}
    arguments_after: Mapping[str, str] | None = None
    reruns: tuple[str, ...] = ()
    mode: Mode = Mode.CHANGES
    """which bound is the truth in this row"""


START = "FROM node:22-alpine\nWORKDIR /UNIQUE\n"
TWO_RUNS = START + "COPY a.txt /a\nRUN echo one\nRUN echo two\n"
A_FILE = {"a.txt": Content("a")}
APP = {"app/a.txt": Content("a"), "app/deep/b.txt": Content("b"), "c.txt": Content("c")}
RUNS = ("RUN echo one", "RUN echo two")
COPY_AND_RUNS = ("COPY a.txt /a", *RUNS)


def swap(line: str, other: str, text: str = TWO_RUNS) -> tuple[str, str]:
    """Return a Dockerfile with one line before its COPY, and the same with another."""
    return text.replace("COPY", f"{line}\nCOPY", 1), text.replace("COPY", f"{other}\nCOPY", 1)


def copies(line: str) -> str:
    return f"{START}{line}\nRUN echo one\n"

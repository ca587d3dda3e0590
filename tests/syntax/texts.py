"""Dockerfiles made by hypothesis: by grammar, as a soup of tokens, and of any characters."""

import re

from hypothesis import strategies as st

ESCAPES = ("\\", "`")

_WORDS = st.sampled_from(
    (
        "a",
        "b.txt",
        "/srv",
        "$X",
        "${X}",
        "${X:-y z}",
        '${X:+"q r"}',
        "$(date)",
        '"two words"',
        "'single $X'",
        '"a\\"b"',
        "'it''s'",
        "\\ ",
        "\\n",
        "C:\\dir\\",
        "`tick`",
        "`",
        "\\",
        "#not",
        "a#b",
        "&&",
        "|",
        "[",
        "--late",
        "é",
        "日本",
        "\u00a0",
        "x\u2003y",
        '"open',
        "it's",
        "<",
        "${}",
        "$$",
        "$",
        "=",
    )
)
_BLANKS = st.sampled_from((" ", "  ", "\t", " \t ", "\v", "\f"))
_BETWEEN = st.sampled_from(("# note", "   # note", "\t#", "", "   ", "\t", "#escape=`", "\r"))
_ENDINGS = st.sampled_from(("\n", "\n", "\n", "\r\n"))
_KEYWORDS = st.sampled_from(
    ("RUN", "run", "Cmd", "ENTRYPOINT", "MAINTAINER", "FOO", "WORKDIR", "USER", "apt-get")
)
_NAMES = st.sampled_from(("EOF", "A", "B", "end-of"))


@st.composite
def _gaps(draw: st.DrawFn, escape: str) -> str:
    """Return what may stand between two words: white space, or a continuation with anything between."""
    if draw(st.integers(0, 3)):
        return draw(_BLANKS)
    between = draw(st.lists(_BETWEEN, max_size=3))
    ending = draw(_ENDINGS)
    trailing = draw(st.sampled_from(("", " ", "\t ")))
    lines = "".join(line + draw(_ENDINGS) for line in between)
    return (
        draw(st.sampled_from((" ", "")))
        + escape
        + trailing
        + ending
        + lines
        + draw(st.sampled_from(("", "  ")))
    )


@st.composite
def _joined(draw: st.DrawFn, words: list[str], escape: str) -> str:
    return words[0] + "".join(draw(_gaps(escape)) + word for word in words[1:])


_STRINGS = st.sampled_from(
    ('"a"', '""', '"a b"', '"\\u00e9\\n"', '"\\\\"', '"\\/"', '"é"', '"<<A"', "1", "null", "'a'")
)
_ASSIGNED = st.sampled_from(
    ("A=b", 'A="b c"', "A='b c'", "A=b\\ c", "A=", '"A"=b', "=b", "A=$X", 'A=b"c d"e', "A")
)
_FLAGS = st.sampled_from(
    (
        "--from=a",
        "--link",
        '--x="a b"',
        "--x='a b'",
        "--mount=type=cache,target=/x",
        "--",
        "--x=é",
        "--x=à",
        "-x",
    )
)


@st.composite
def _instructions(draw: st.DrawFn, escape: str) -> str:
    kind = draw(st.integers(0, 9))
    words = draw(st.lists(_WORDS, max_size=5))
    flags = draw(st.lists(_FLAGS, max_size=2)) if escape == "\\" else []
    if kind == 0:
        words = ["FROM", *flags, *words]
    elif kind == 1:
        words = [
            draw(st.sampled_from(("ENV", "LABEL", "ARG", "env"))),
            *draw(st.lists(_ASSIGNED, max_size=3)),
        ]
    elif kind == 2:
        words = [draw(st.sampled_from(("ENV", "LABEL"))), "NAME", *words]
    elif kind == 3:
        strings = draw(st.lists(_STRINGS, max_size=3))
        comma = draw(st.sampled_from((",", ", ", " , ")))
        keyword = draw(
            st.sampled_from(("CMD", "RUN", "COPY", "ADD", "VOLUME", "SHELL", "HEALTHCHECK CMD", "EXPOSE"))
        )
        words = [keyword, *flags, "[" + comma.join(strings) + "]"]
    elif kind == 4:
        words = ["HEALTHCHECK", *flags, draw(st.sampled_from(("CMD", "NONE", "cmd", "x"))), *words]
    elif kind == 5:
        words = ["ONBUILD", *flags, draw(_KEYWORDS), *words]
    elif kind == 6:
        return draw(_with_heredocs(escape))
    elif kind == 7:
        words = [draw(st.sampled_from(("COPY", "ADD", "EXPOSE", "VOLUME"))), *flags, *words]
    else:
        words = [draw(_KEYWORDS), *flags, *words]
    return draw(_joined(words, escape)) + draw(st.sampled_from(("", "", " ", "\r"))) + draw(_ENDINGS)


@st.composite
def _with_heredocs(draw: st.DrawFn, escape: str) -> str:
    names = draw(st.lists(_NAMES, min_size=1, max_size=3))
    operators = [
        draw(
            st.sampled_from(
                ("<<{}", "<<-{}", "<<'{}'", '<<"{}"', '<<-"{}"', "3<<{}", "<<\\{}", "a<<{}", "<<<{}")
            )
        ).format(name)
        for name in names
    ]
    words = draw(st.permutations(operators + draw(st.lists(_WORDS, max_size=2))))
    keyword = draw(st.sampled_from(("RUN", "COPY", "ADD", "ONBUILD RUN", "CMD", "ONBUILD COPY")))
    text = draw(_joined([keyword, *words], escape)) + draw(_ENDINGS)
    for name in names:
        for line in draw(
            st.lists(st.sampled_from(("x", "", "\ty", "# c", "RUN \\", " EOF", "EOF ", "é")), max_size=3)
        ):
            text += line + draw(_ENDINGS)
        text += draw(st.sampled_from(("", "", "\t"))) + name + draw(_ENDINGS)
    return text


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """Return a Dockerfile with any of the forms there are, in any mix, most of them accepted by BuildKit."""
    escape = draw(st.sampled_from(ESCAPES))
    text = draw(st.sampled_from(("", "", "\ufeff")))
    if escape == "`" or draw(st.booleans()):
        text += draw(st.sampled_from(("# escape={}", "#escape = {} ", "  # ESCAPE={}"))).format(
            escape
        ) + draw(_ENDINGS)
    if draw(st.booleans()):
        text += "# syntax=docker/dockerfile:1" + draw(_ENDINGS)
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.integers(0, 4)):
            text += draw(_instructions(escape))
        else:
            text += draw(st.sampled_from(("", "  ", "# a comment", "  # indented \\", "#", "\t"))) + draw(
                _ENDINGS
            )
    return text if draw(st.booleans()) else text.rstrip("\n")


_TOKENS = st.sampled_from(
    [
        *("FROM", "RUN", "COPY", "ENV", "ARG", "LABEL", "ONBUILD", "HEALTHCHECK", "CMD", "a", "A=b", "="),
        *("# escape=`\n", "#", "\\\n", "\\", "`\n", "\n", "\n", "\r\n", " ", " ", "\t", "--", "--x=y"),
        *('"', "'", "$", "${", "}", ":-", "[", '"a"', ",", "]\n", "<<E", "<<-E\n", "\nE\n", "\tE\n", "<<"),
        *("\u00a0", "\x85", "\u2028", "é", "\x1c", "\v", "\ufeff", "\u0130", "\u212a"),
    ]
)

soups = st.lists(_TOKENS, max_size=40).map("".join)
"""texts that go wrong in every way"""

_READ_DIFFERENTLY = re.compile(r"<<-?\s|<<[^\n]*\$\{|\$\{[^\n]*<<|#\s*check|\A\ufeff?\s*#[^\n]*`(?s:.)*--")


def is_read_alike(text: str) -> bool:
    """Tell whether BuildKit 0.12.5, the oracle, reads a text as today's does, as far as the oracle can tell.

    Since then ``<< NAME`` is a heredoc, ``${X#y}`` may stand beside one, ``check`` is a directive, and
    flags are escaped by the escape directive's character. The binding cuts strings at a NUL.
    """
    return "\0" not in text and _READ_DIFFERENTLY.search(text) is None

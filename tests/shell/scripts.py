"""Scripts made by a grammar, each with the names of its commands in the order of the text."""

from typing import NamedTuple

from hypothesis import strategies as some


class Made(NamedTuple):
    """A piece of script and the commands in it."""

    text: str
    names: tuple[str, ...] = ()


_NAMES = ["apt-get", "a", "./run", "/usr/bin/env", "python3.11", "test", "echo", "cd", "sudo", "g++", "_x"]
_WORDS = r"""
    install -y --opt=value a/b $A ${B} ${C:-d} 'a' "b" x\y $'t\n' '#' a#b *.txt {a,b} A=1 "${D}" if done { }
    2 '"' "'" $((1+2)) "\"" "\$x" 'a;b' "a&&b"
""".strip()
_NESTING_WORDS = [
    "$( {})",
    '"x $( {}) y"',
    "pre$( {})post",
    "<( {})",
    '"${{A:-$( {})}}"',
    "$(( $( {}) + 1 ))",
]
_ASSIGNMENTS = ["A=1", "B='x y'", "C=$D", "E=", "F=(a 'b c')"]
_REDIRECTS = ["> f", "2>&1", ">>f", "< g", "2>/dev/null", "<<< 'a b'"]
_BLANKS = [" ", "  ", "\t", " \\\n "]
_OPERATORS = [" && ", " || ", " | ", "; ", "\n", " &&\n", "\n\n", " && \\\n", " # comment (\n", " & "]
_ENDS = ["; ", "\n", " ;\n"]
_COMPOUNDS = [
    ["( ", " )"],
    ["{ ", "{end}}"],
    ["if ", "{end}then ", "{end}fi"],
    ["if ", "{end}then ", "{end}else ", "{end}fi"],
    ["if ", "{end}then ", "{end}elif ", "{end}then ", "{end}fi"],
    ["while ", "{end}do ", "{end}done"],
    ["for i in 1 $X 'y z'; do ", "{end}done"],
    ["for i\ndo ", "{end}done < f"],
    ['case "$A" in (a|b) ', " ;; (*) ", "{end}esac"],
    ["case $( ", ") in (a) ", ";;\nesac"],
    ["f() { ", "{end}}"],
    ["function f { ", "{end}}"],
]
_DEEPEST = 3


@some.composite
def _scripts(draw: some.DrawFn, depth: int) -> Made:
    items = [draw(_items(depth)) for _ in range(draw(some.integers(1, 3)))]
    return _joined(items, draw(some.sampled_from(_OPERATORS)))


@some.composite
def _items(draw: some.DrawFn, depth: int) -> Made:
    if depth == 0 or draw(some.integers(0, 2)):
        return draw(_commands(depth))
    first, *others = draw(some.sampled_from(_COMPOUNDS))
    end = draw(some.sampled_from(_ENDS))
    made = Made(first)
    for other in others:
        body = draw(_scripts(depth - 1))
        made = Made(made.text + body.text + other.replace("{end}", end), made.names + body.names)
    return made


@some.composite
def _commands(draw: some.DrawFn, depth: int) -> Made:
    name = draw(some.sampled_from(_NAMES))
    parts = [Made(text) for text in draw(some.lists(some.sampled_from(_ASSIGNMENTS), max_size=2))]
    parts.append(Made(name, (name,)))
    parts += [draw(_words(depth)) for _ in range(draw(some.integers(0, 3)))]
    parts += [Made(text) for text in draw(some.lists(some.sampled_from(_REDIRECTS), max_size=1))]
    return _joined(parts, draw(some.sampled_from(_BLANKS)))


@some.composite
def _words(draw: some.DrawFn, depth: int) -> Made:
    if depth == 0 or draw(some.integers(0, 3)):
        return Made(draw(some.sampled_from(_WORDS.split())))
    script = draw(_scripts(depth - 1))
    return Made(draw(some.sampled_from(_NESTING_WORDS)).format(script.text), script.names)


def _joined(parts: list[Made], between: str) -> Made:
    return Made(between.join([part.text for part in parts]), tuple(n for part in parts for n in part.names))


SCRIPTS = _scripts(_DEEPEST)
SHALLOW = _scripts(1)
"""scripts in which nothing is nested in what is nested: tree-sitter-bash loses its way in deeper ones"""

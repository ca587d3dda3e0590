"""The tokens of the shell language, as regular expressions that never go back."""

import re

_BLANKS = r"(?:[ \t\r]++|\\\r?\n)*+"
_GAP = r"(?:[ \t\r\n]++|\\\r?\n)*+"
_ENDS = r"(?=[ \t\r\n;|&<>()]|\Z)"

# "…" with nothing in it that has to be read by itself. An escape may be a quote; a $ may stand alone.
_DOUBLE = r'"(?:[^"\\$`]++|\\(?s:.)|\$(?:\$|(?![({]))|\$\{\w++\})*+"'
_ANSI = r"\$'(?:[^'\\]++|\\(?s:.))*+'"

_RESERVED = "! { } if then elif else fi while until for select do done case esac function time [["

WORD, OPERATOR, REDIRECT, OPENING, COMMENT, OTHER = range(1, 7)

TOKEN = re.compile(
    _BLANKS + r"(?:"
    # a word that means what it says, to its end
    r"([^\s;|&<>()\"'\\$`#][^ \t\r\n;|&<>()\"'\\$`]*+)(?=[ \t\r\n;|&)]|\Z)"
    r"|(\n|&&|\|\||\|&|;;&|;;|;&|[;|)]|&(?!>))"
    r"|((?:\d*+|\{[A-Za-z_]\w*+\})(?:<<<|<<-|<<|<>|<&|>&|>>|>\||[<>](?!\())|&>>|&>)"
    r"|(\()"
    r"|(#[^\n]*+)"
    r"|((?s:.))"
    r")?",
    re.ASCII,
)
"""Blanks and one token; ``lastindex`` is one of the numbers above, None at the end of the text."""

SIMPLE = re.compile(
    r"(?:[^ \t\r\n;|&<>()\"'\\$`]++|'[^']*+'|" + _DOUBLE + "|" + _ANSI + r"|\\(?s:.)"
    r"|\$\{[#!]?\w++\}|\$\[[^\]\n`$]*+\]|\$(?:\$|(?![({\"'])))*+",
    re.ASCII,
)
"""The parts of a word that hold nothing to be read by itself."""

QUOTES = re.compile(r"""["'\\]""")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*+(?:\[[^\]]*+\])?\+?=", re.ASCII)
IN_DOUBLE = re.compile(r'(?:[^"\\$`]++|\\(?s:.)|\$(?:\$|(?![({])))*+')

RESERVED = frozenset(_RESERVED.split())

_RARE = {
    "IN_HEREDOC": r"(?:[^\\$`]++|\\(?s:.)|\$(?:\$|(?![({])))*+",
    "IN_BRACES": r"(?:[^}\"'\\$`]++|\\(?s:.)|\$(?:\$|(?![({']))|" + _ANSI + ")*+",
    "BACKTICKS": r"`((?:[^`\\]++|\\(?s:.))*+)(`?)",
    "PATTERN_OPERATOR": r"\$\{[!#]?(?:\w++|[@*#?$!-])(?:\[[^\]]*+\])?[#%/^,]",
    "ARRAY": r"(?:[A-Za-z_]\w*+)?(?:\[[^\]]*+\])?\+?=\Z",
    "BRACKET": r"""\\(?s:.)|(?<=[\s;])#|['"()]""",
    "FUNCTION_NAME": _BLANKS + r"([^ \t\r\n;|&<>()]++)(?:" + _BLANKS + r"\(" + _BLANKS + r"\))?",
    "FUNCTION_PARENTHESES": r"\(" + _BLANKS + r"\)",
    "LOOP_NAME": _BLANKS + r"([A-Za-z_]\w*+)",
    "LOOP_WORDS": _GAP + "in" + _ENDS,
    "CASE_GAP": r"(?:[ \t\r\n]++|\\\r?\n|#[^\n]*+)*+",
    "CASE_END": "esac" + _ENDS,
    "TEST_END": r"\]\]" + _ENDS,
    "TIMED_COMPOUND": r"[ \t]++(?:-p[ \t]++)?(?=\(|(?:\{|!|\[\[|if|for|while|until|case|select)[ \t\n])",
}


def __getattr__(name: str) -> re.Pattern[str]:
    """Compile a pattern that few scripts need when the first one does: they cost a millisecond together."""
    if name not in _RARE:
        raise AttributeError(name)
    pattern = globals()[name] = re.compile(_RARE[name], re.ASCII)
    return pattern

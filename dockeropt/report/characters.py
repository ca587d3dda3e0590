"""Text as a reader of reports can take it: no undecodable bytes, no control characters."""

import re

REPLACEMENT = "\ufffd"

_SURROGATE = "[\ud800-\udfff]"


def printable(text: str) -> str:
    """Return text a terminal shows as it is: control characters and undecodable bytes become ``\\ufffd``."""
    if text.isprintable():
        return text
    return "".join(char if char == "\t" or char.isprintable() else REPLACEMENT for char in text)


def well_formed(text: str) -> str:
    """Return text that is valid Unicode: undecodable bytes, held as lone surrogates, become ``\\ufffd``.

    ``json.dumps`` would write them as ``\\udcff``, which strict readers (Go, Rust, jq) refuse or change.
    """
    return text if text.isascii() else re.sub(_SURROGATE, REPLACEMENT, text)


def is_well_formed(text: str) -> bool:
    """Tell whether text is valid Unicode."""
    return text.isascii() or re.search(_SURROGATE, text) is None

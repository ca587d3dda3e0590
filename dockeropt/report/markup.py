"""XML as text in ASCII, so that it reads the same whatever encoding the output is written in."""

import re
from collections.abc import Iterable

from dockeropt.report.characters import REPLACEMENT

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# https://www.w3.org/TR/xml/#charsets
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTENT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ESCAPES = str.maketrans(_CONTENT)
# A reader makes a space of each line end and tab in an attribute that is not written as a reference.
_ATTRIBUTE_ESCAPES = str.maketrans({**_CONTENT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def element(name: str, attributes: Iterable[tuple[str, str | int]], content: str = "") -> str:
    """Return an element; ``content`` is markup already."""
    start = "".join([f"<{name}", *(f' {key}="{_attribute(str(value))}"' for key, value in attributes)])
    return f"{start}>{content}</{name}>" if content else f"{start}/>"


def nested(elements: Iterable[str]) -> str:
    """Return elements as the content of one that holds no text, each on a line of its own."""
    lines = "\n".join(elements)
    return f"\n{lines}\n" if lines else ""


def text(value: str) -> str:
    """Return text as the content of an element; what XML cannot hold becomes ``\\ufffd``."""
    return _ascii(_NO_CHARACTER.sub(REPLACEMENT, value).translate(_ESCAPES))


def _attribute(value: str) -> str:
    return _ascii(_NO_CHARACTER.sub(REPLACEMENT, value).translate(_ATTRIBUTE_ESCAPES))


def _ascii(value: str) -> str:
    return value.encode("ascii", "xmlcharrefreplace").decode("ascii")

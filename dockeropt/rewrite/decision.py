"""A decision of the rewrite, with its reason."""

from dockeropt.records import NamedTuple

_LONGEST = 70


class Decision(NamedTuple):
    """What was chosen for a subject, and why. All three are prose, lower case, without a full stop."""

    subject: str
    choice: str
    reason: str
    is_notice: bool = False
    """the user has to do something, or something of the old image is gone"""


def shortened(text: str) -> str:
    """Return a command as one line that fits into a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."

"""What a label's value must look like, in the words of a label schema."""

from dockeropt.config.table import Table
from dockeropt.errors import UsageError

LABEL_TYPES = ("text", "url", "semver", "hash", "rfc3339", "spdx", "email")
_OTHER_WORDS = {"rawtext": "text", "timestamp": "rfc3339"}


def schema_of(table: Table) -> tuple[str, ...]:
    """Return a label schema as ``name:type`` items; raises UsageError for a type there is not."""
    found: list[str] = []
    for name in table.names():
        kind = _known(table.text(name) or "")
        if kind is None:
            raise table.wrong(
                name, f"is `{table.text(name)}`, which is no type", f"one of {', '.join(LABEL_TYPES)}"
            )
        found.append(f"{name}:{kind}")
    return tuple(found)


def read_labels(place: str, items: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``name:type`` items given in a variable or option; raises UsageError for what is none."""
    found: list[str] = []
    for item in items:
        name, _, word = item.strip().rpartition(":")
        kind = _known(word)
        if not name or kind is None:
            raise UsageError(
                f"{place}: `{item}` is no label with its type",
                f"such as maintainer:text; types: {', '.join(LABEL_TYPES)}",
            )
        found.append(f"{name}:{kind}")
    return tuple(found)


def _known(word: str) -> str | None:
    lowered = word.lower()
    kind = _OTHER_WORDS.get(lowered, lowered)
    return kind if kind in LABEL_TYPES else None

"""A table of a configuration file, read key by key; every error names the file, the key and what is wrong."""

from collections.abc import Iterable, Mapping

from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.errors import UsageError

LEVELS = {
    **{severity.value: severity for severity in Severity},
    "none": Severity.IGNORE,
}
"""the words for a level; ``none`` is hadolint's second word for the lowest"""


class Table:
    """The values of a file or of a table in it. Methods raise UsageError for a value of another type."""

    def __init__(self, file: str, values: Mapping[object, object], place: str = "") -> None:
        self.file = file
        self.values = values
        self.place = place

    def refuse_other_keys(self, known: Iterable[str]) -> None:
        """Raise UsageError for the first key that is not known, with the nearest that is."""
        names = sorted(known)
        for key in self.values:
            if key in names:
                continue
            from difflib import get_close_matches

            near = get_close_matches(str(key).lower().replace("_", "-"), names, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(names)}"
            raise UsageError(f"{self.file}: unknown key `{self.place}{key}`", hint)

    def wrong(self, key: str, message: str, hint: str = "") -> UsageError:
        """Return the error for a key's value."""
        return UsageError(f"{self.file}: `{self.place}{key}` {message}", hint)

    def flag(self, key: str) -> bool:
        """Return a boolean, False where the key is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, not {_kind(value)}")
        return value

    def text(self, key: str) -> str | None:
        """Return a text, None where the key is missing."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, f"must be a text, not {_kind(value)}")
        return value

    def texts(self, key: str, takes_one: bool = False) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is missing; ``takes_one``: a text stands for a list."""
        value = self.values.get(key)
        if value is None:
            return ()
        if takes_one and isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list of texts, not {_kind(value)}")
        found = [item for item in value if isinstance(item, str)]
        for item in value:
            if not isinstance(item, str):
                raise self.wrong(key, f"must hold texts only, not {_kind(item)}")
        return tuple(found)

    def percent(self, key: str) -> int | None:
        """Return a whole number from 0 to 100, None where the key is missing."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
            raise self.wrong(key, f"must be a whole number from 0 to 100, not {_kind(value)}")
        return value

    def level(self, key: str) -> Severity | None:
        """Return a severity, None where the key is missing."""
        word = self.text(key)
        if word is None:
            return None
        if word.lower() not in LEVELS:
            raise self.wrong(key, f"is `{word}`, which is no level", f"one of {', '.join(LEVELS)}")
        return LEVELS[word.lower()]

    def table(self, key: str) -> "Table":
        """Return a table, an empty one where the key is missing."""
        value = self.values.get(key)
        if value is None:
            return Table(self.file, {}, f"{self.place}{key}.")
        if not isinstance(value, dict):
            raise self.wrong(key, f"must be a table, not {_kind(value)}")
        return Table(self.file, value, f"{self.place}{key}.")

    def names(self) -> list[str]:
        """Return the keys, which must be texts."""
        for key in self.values:
            if not isinstance(key, str):
                raise UsageError(f"{self.file}: the key `{self.place}{key}` must be a text, not {_kind(key)}")
        return [str(key) for key in self.values]


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    return "nothing" if value is None else f"a {type(value).__name__}"

"""Which majors a version range of npm's kind allows."""

import re

_COMPARATOR = re.compile(r"(\^|~|>=|<=|>|<|=)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?[-+.\w]*")
_HYPHEN = re.compile(r"^\s*v?(\d+)\S*\s+-\s+v?(\d+)\S*\s*$")

_Bound = tuple[int, int, int]
_ANY: tuple[_Bound, _Bound] = ((0, 0, 0), (10**6, 0, 0))


def allows(range_text: str, major: int) -> bool:
    """Tell whether some version of a major satisfies a range; a range that cannot be read allows none."""
    line = ((major, 0, 0), (major + 1, 0, 0))
    return any(_overlap(_interval(part), line) for part in range_text.split("||"))


def lowest_major(range_text: str) -> int | None:
    """Return the lowest major a range allows, None when it cannot be read or has no lower end."""
    lows = [interval[0][0] for part in range_text.split("||") if (interval := _interval(part)) is not None]
    return min(lows) if lows and min(lows) > 0 else None


def major_of(version: str) -> int | None:
    """Return the major of a version or of the range's first version, None where there is no number."""
    found = re.search(r"\d+", version)
    return int(found.group()) if found else None


def is_exact(version: str) -> bool:
    """Tell whether a text is one full version, with or without a leading ``v``."""
    return re.fullmatch(r"v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?", version.strip()) is not None


def _overlap(a: tuple[_Bound, _Bound] | None, b: tuple[_Bound, _Bound]) -> bool:
    return a is not None and max(a[0], b[0]) < min(a[1], b[1])


def _interval(text: str) -> tuple[_Bound, _Bound] | None:
    if text.strip() in ("", "*", "x", "latest"):
        return _ANY
    hyphen = _HYPHEN.match(text)
    if hyphen:
        return (int(hyphen[1]), 0, 0), (int(hyphen[2]) + 1, 0, 0)
    low, high = _ANY
    found = False
    for comparator in _COMPARATOR.finditer(text):
        found = True
        low_here, high_here = _comparator(*comparator.groups())
        low, high = max(low, low_here), min(high, high_here)
    return (low, high) if found else None


def _comparator(sign: str | None, major: str, minor: str | None, patch: str | None) -> tuple[_Bound, _Bound]:
    if not major.isdigit():
        return _ANY
    numbers = [int(major)] + [int(part) if part and part.isdigit() else 0 for part in (minor, patch)]
    known = 1 + (bool(minor) and minor.isdigit()) + (bool(patch) and patch.isdigit())  # type: ignore[union-attr]
    this: _Bound = (numbers[0], numbers[1], numbers[2])
    after: _Bound = [(this[0] + 1, 0, 0), (this[0], this[1] + 1, 0), (this[0], this[1], this[2] + 1)][
        known - 1
    ]
    if sign == ">=":
        return this, _ANY[1]
    if sign == ">":
        return after, _ANY[1]
    if sign == "<":
        return _ANY[0], this
    if sign == "<=":
        return _ANY[0], after
    if sign == "^":
        return this, (this[0] + 1, 0, 0)
    if sign == "~":
        return this, after if known < 3 else (this[0], this[1] + 1, 0)
    return this, after

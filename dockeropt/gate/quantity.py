"""Sizes, shares and seconds as people write them."""

import re

from dockeropt.errors import UsageError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?i?)b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|min)?", re.IGNORECASE)
_PARTS = {"": 1.0, "s": 1.0, "ms": 0.001, "m": 60.0, "min": 60.0}
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def read_size(text: str) -> int:
    """Return bytes: ``150MB`` is 150,000,000, ``150MiB`` 157,286,400; raises UsageError for anything else."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no size", "write it as in 150MB, 1.5GB or 200MiB")
    return round(float(found[1]) * _UNITS[found[2].lower()])


def read_share(text: str) -> float:
    """Return a share: ``5%`` is 0.05; raises UsageError for anything else."""
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no share", "write it as in 5%")
    return float(found[1]) / 100


def read_seconds(text: str) -> float:
    """Return seconds: ``90``, ``90s``, ``1.5min``, ``800ms``; raises UsageError for anything else."""
    found = _SECONDS.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no time", "write it as in 2s, 800ms or 1.5min")
    return float(found[1]) * _PARTS[(found[2] or "").lower()]

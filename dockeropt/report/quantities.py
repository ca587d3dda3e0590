"""Bytes, seconds and changes as people read them."""

_SAME = 0.01
"""a change smaller than this share is none"""


def size(value: float) -> str:
    """Return bytes for people, in units of ten: ``2,674 MB``, ``56.1 MB``, ``12 kB``."""
    if value < 1e6:
        return f"{value / 1e3:,.0f} kB"
    return f"{value / 1e6:,.1f} MB" if value < 100e6 else f"{value / 1e6:,.0f} MB"


def duration(seconds: float) -> str:
    """Return seconds for people: ``98.0 s``, ``0.42 s``."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"


def change(before: float, after: float) -> str:
    """Return how many times smaller (``÷16.4``) or bigger (``×1.3``) it became."""
    if before == after:
        return "="
    if not before or not after:
        return f"{after - before:+,.0f}"
    ratio = max(before, after) / min(before, after)
    if ratio < 1 + _SAME:
        return "="
    return f"{'÷' if after < before else '×'}{ratio:.{1 if ratio >= 1.95 else 2}f}"

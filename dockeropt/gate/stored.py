"""A verdict as JSON: bytes and seconds, never formatted."""

from collections.abc import Mapping

from dockeropt.gate.snapshot import Snapshot
from dockeropt.gate.verdict import Verdict

VERSION = 1
"""raised when a reader of the old one would misread the new one"""

Json = Mapping[str, object]


def to_json(verdict: Verdict) -> Json:
    """Return the verdict as JSON values; units are in the keys or beside the figures."""
    return {
        "version": VERSION,
        "passed": verdict.is_passed,
        "subject": _figures(verdict.subject),
        "baseline": None if verdict.baseline is None else _figures(verdict.baseline),
        "checks": [
            {
                "what": check.what,
                "value": check.value,
                "limit": check.limit,
                "unit": check.unit.value,
                "judgement": check.judgement.value,
                "more": check.more,
            }
            for check in verdict.checks
        ],
        "causes": [
            {
                "kind": "folder" if cause.is_folder else "instruction",
                "what": cause.what,
                "increase_bytes": cause.increase,
                "is_new": cause.is_new,
            }
            for cause in verdict.causes
        ],
        "notes": list(verdict.notes),
    }


def _figures(snapshot: Snapshot) -> Json:
    return {
        "image": snapshot.name,
        "platform": snapshot.platform,
        "compressed_bytes": snapshot.compressed_bytes,
        "compressed_by": snapshot.compressed_by,
        "unpacked_bytes": snapshot.unpacked_bytes,
        "wasted_bytes": snapshot.wasted_bytes,
        "startup_seconds": snapshot.startup_seconds,
        "rebuild_seconds": snapshot.rebuild_seconds,
    }

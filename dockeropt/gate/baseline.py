"""The baseline that is committed beside the sources: one snapshot a platform, in a file that diffs well."""

import json
from collections.abc import Mapping
from typing import cast

from dockeropt.errors import UsageError
from dockeropt.gate.snapshot import LayerSize, Snapshot

VERSION = 1
"""raised when a reader of the old one would misread the new one"""

_AGAIN = "write it again with `dockeropt gate IMAGE --baseline FILE --update`"

Baseline = Mapping[str, Snapshot]
"""by platform"""


def read_baseline(text: str, path: str) -> Baseline:
    """Return the snapshots of a baseline file, by platform.

    Raises UsageError where it is none, is damaged, or was written by a newer dockeropt.
    """
    try:
        value = json.loads(text)
        version = value["version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UsageError(f"{path} is no baseline: {error}", _AGAIN) from error
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        raise UsageError(
            f"{path} is a baseline of version {version}, this dockeropt reads {VERSION}",
            "update dockeropt" if newer else _AGAIN,
        )
    try:
        return {platform: _snapshot(platform, found) for platform, found in value["platforms"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"{path} is damaged: {error!r}", _AGAIN) from error


def write_baseline(baseline: Baseline) -> str:
    """Return the text of a baseline file."""
    platforms = {platform: _values(baseline[platform]) for platform in sorted(baseline)}
    return json.dumps({"version": VERSION, "platforms": platforms}, indent=2, ensure_ascii=False) + "\n"


def _values(snapshot: Snapshot) -> Mapping[str, object]:
    return {
        "image": snapshot.name,
        "compressed_bytes": snapshot.compressed_bytes,
        "compressed_by": snapshot.compressed_by,
        "unpacked_bytes": snapshot.unpacked_bytes,
        "wasted_bytes": snapshot.wasted_bytes,
        "startup_seconds": snapshot.startup_seconds,
        "rebuild_seconds": snapshot.rebuild_seconds,
        "layers": [layer._asdict() for layer in snapshot.layers],
        "folders": dict(snapshot.folders),
    }


def _snapshot(platform: str, value: Mapping[str, object]) -> Snapshot:
    layers = cast("list[dict[str, object]]", value["layers"])
    folders = cast("dict[str, object]", value["folders"])
    return Snapshot(
        str(value["image"]),
        platform,
        _whole(value["compressed_bytes"]),
        str(value["compressed_by"]),
        _whole(value["unpacked_bytes"]),
        tuple(
            LayerSize(
                str(each["instruction"]), _whole(each["compressed_bytes"]), _whole(each["unpacked_bytes"])
            )
            for each in layers
        ),
        None if value["wasted_bytes"] is None else _whole(value["wasted_bytes"]),
        {str(folder): _whole(size) for folder, size in folders.items()},
        startup_seconds=_number(value["startup_seconds"]),
        rebuild_seconds=_number(value["rebuild_seconds"]),
    )


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no number of bytes")
    return value


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number of seconds")
    return float(value)

"""A thousand commits of ten thousand files are replayed in seconds, counted as a processor spends them."""

from pathlib import Path

from benchmarks.replay_speed import make, replay


def test_a_large_history_is_replayed_in_five_seconds_and_300_megabytes(tmp_path: Path) -> None:
    make(str(tmp_path), 10_000, 1_000)
    taken = replay(str(tmp_path), 1_000)
    assert taken.processor_seconds < 5
    assert taken.megabytes < 300

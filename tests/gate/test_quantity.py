import pytest

from dockeropt.errors import UsageError
from dockeropt.gate.quantity import read_seconds, read_share, read_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("150MB", 150_000_000),
        ("1.5 GB", 1_500_000_000),
        ("200MiB", 209_715_200),
        ("12k", 12_000),
        ("7", 7),
        ("0B", 0),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert size == read_size(text)


@pytest.mark.parametrize(("text", "seconds"), [("2s", 2.0), ("800ms", 0.8), ("1.5min", 90.0), ("3", 3.0)])
def test_times(text: str, seconds: float) -> None:
    assert seconds == pytest.approx(read_seconds(text))


def test_shares() -> None:
    assert (read_share("5%"), read_share("12.5 %")) == (0.05, 0.125)


@pytest.mark.parametrize(
    ("read", "text"),
    [(read_size, "many"), (read_size, "-5MB"), (read_size, "5PB"), (read_share, "5"), (read_seconds, "2h")],
)
def test_what_is_none_is_said_with_an_example(read: object, text: str) -> None:
    with pytest.raises(UsageError, match=text) as raised:
        read(text)  # type: ignore[operator]
    assert raised.value.hint.startswith("write it as in")

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from dockeropt.measure.image.ahead import fetched_ahead


def fetchers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "dockeropt-fetch"]


def test_pieces_come_whole_and_in_order() -> None:
    pieces = [bytes([number % 256]) * number for number in range(500)]
    with fetched_ahead(iter(pieces)) as came:
        assert pieces == list(came)
    assert fetchers() == []


def test_what_goes_wrong_is_raised_where_the_pieces_are_asked_for() -> None:
    def source() -> Iterator[bytes]:
        yield b"one"
        raise EOFError("no more")

    with fetched_ahead(source()) as came:
        assert next(came) == b"one"
        with pytest.raises(EOFError, match="no more"):
            next(came)
    assert fetchers() == []


def test_an_error_ends_the_thread_and_little_is_fetched_in_vain() -> None:
    fetched: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in count():
            fetched.append(number)
            yield bytes(100)

    def work() -> None:
        with fetched_ahead(endless()) as came:
            next(came)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - raised above
        work()
    assert fetchers() == []
    assert len(fetched) < 10

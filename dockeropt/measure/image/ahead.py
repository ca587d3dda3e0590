"""Work on one piece of a stream while the next is on its way: a thread fetches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Semaphore, Thread

_MOST = 4
"""pieces that wait to be worked on"""


@contextmanager
def fetched_ahead(source: Iterator[bytes]) -> Iterator[Iterator[bytes]]:
    """Give the same pieces, fetched by a thread that ends with the block; its error is raised by them.

    What waits for bytes and what unpacks them lets other threads run meanwhile. ``source`` may be used by
    nobody else inside the block.
    """
    came: SimpleQueue[bytes | Exception | None] = SimpleQueue()
    room = Semaphore(_MOST)
    is_over = False

    def fetch() -> None:
        try:
            for piece in source:
                came.put(piece)
                room.acquire()
                if is_over:
                    return
        except Exception as error:  # noqa: BLE001 - it is raised where the pieces are asked for
            came.put(error)
        else:
            came.put(None)

    def pieces() -> Iterator[bytes]:
        while (piece := came.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            room.release()
            yield piece

    def stop() -> None:
        nonlocal is_over
        is_over = True
        room.release()

    thread = Thread(target=fetch, name="dockeropt-fetch", daemon=True)
    thread.start()
    try:
        yield pieces()
    except Exception:
        stop()
        thread.join()
        raise
    except BaseException:
        # The thread may wait for bytes that never come: after Ctrl-C it ends with the program.
        stop()
        raise
    stop()
    thread.join()

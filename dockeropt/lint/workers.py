"""The same work on many things in several processes, its results in order."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dockeropt.errors import InternalError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Task = TypeVar("Task")
Result = TypeVar("Result")

TRIED = 8
"""how many tasks are done before it is judged whether workers pay"""
WORTH = 0.15
"""seconds of work left from which on they do: to start two takes some 0.03"""
CHUNK = 8
"""tasks given to a worker at once"""


def _begin_nothing(tasks: Sequence[object]) -> None:
    """Tasks that need no beginning."""


def cores() -> int:
    """Return how many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def alone_while_it_pays(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    count: int,
    group: int = 1,
    begin: Callable[[Sequence[Task]], None] = _begin_nothing,
) -> Iterator[Result]:
    """Yield the results of the first tasks, as many as are quicker done here than given to so many others.

    Tasks are begun, and done here or given away, in whole groups.
    """
    start = 0.0
    for done, task in enumerate(tasks):
        # The first one pays for what is imported, so it says nothing about the others.
        if done == 1:
            start = time.perf_counter()
        if done % group == 0:
            if (
                count > 1
                and done > TRIED
                and (time.perf_counter() - start) / (done - 1) * (len(tasks) - done) > WORTH
            ):
                return
            begin(tasks[done : done + group])
        yield work(task)


def in_processes(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    count: int,
    close: Callable[[], None],
    group: int = 1,
    begin: Callable[[Sequence[Task]], None] = _begin_nothing,
) -> Iterator[Result]:
    """Yield the result of every task, in order, worked out in so many processes.

    Each process begins the tasks it is given, ``group`` or more at once, and calls ``close`` at its end.
    ``work``, ``begin`` and ``close`` must be picklable where processes are not forked. What ``work`` raises
    is raised here in its turn. When this ends, however it does, so do they.
    """
    size = max(1, min(max(CHUNK, group), len(tasks) // (2 * count)))
    chunks = [tasks[at : at + size] for at in range(0, len(tasks), size)]
    workers: _Workers[Task, Result] = _Workers(work, begin, close, min(count, len(chunks)))
    try:
        yield from workers.run(chunks)
    except BaseException:
        workers.kill()
        raise
    finally:
        workers.join()


class _Workers(Generic[Task, Result]):
    """Processes that wait for chunks of tasks, each at the other end of a pipe of its own."""

    def __init__(
        self,
        work: Callable[[Task], Result],
        begin: Callable[[Sequence[Task]], None],
        close: Callable[[], None],
        count: int,
    ) -> None:
        from multiprocessing import get_context

        # A forked process has everything imported already; elsewhere forking is not safe, or there is none.
        is_forked = sys.platform == "linux"
        context: Any = get_context("fork" if is_forked else "spawn")
        self._processes: dict[Any, BaseProcess] = {}
        """by the pipe to each"""
        gc.freeze()  # what is there now is not looked at again, so that the processes go on sharing it
        with _uninterrupted():
            for _ in range(count):
                ours, theirs = context.Pipe()
                others = (*self._processes, ours) if is_forked else ()
                process = context.Process(
                    target=_serve, args=(theirs, others, work, begin, close), daemon=True
                )
                process.start()
                theirs.close()
                self._processes[ours] = process

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[Result]:
        """Yield the results of all chunks in order; the next chunk goes to whichever process is free."""
        from multiprocessing.connection import wait

        waiting = iter(enumerate(chunks))
        given: dict[Any, int] = {}
        done: dict[int, list[Result] | Exception] = {}

        def give(pipe: Any) -> None:
            for number, chunk in waiting:
                pipe.send(chunk)
                given[pipe] = number
                return

        for pipe in self._processes:
            give(pipe)
        for number in range(len(chunks)):
            while number not in done:
                for pipe in wait(list(given)):
                    done[given.pop(pipe)] = self._take(pipe)
                    give(pipe)
            results = done.pop(number)
            if isinstance(results, Exception):
                raise results
            yield from results

    def _take(self, pipe: Any) -> list[Result] | Exception:
        try:
            results: list[Result] | Exception = pipe.recv()
        except (EOFError, OSError) as error:
            process = self._processes[pipe]
            process.join(1)
            raise InternalError(
                f"a process that linted ended with {process.exitcode}, perhaps for want of memory",
                "try again with --jobs 1",
            ) from error
        return results

    def kill(self) -> None:
        """End every process at once."""
        for process in self._processes.values():
            process.kill()

    def join(self) -> None:
        """Let every process end."""
        gc.unfreeze()
        for pipe in self._processes:
            pipe.close()
        for process in self._processes.values():
            process.join()


def _serve(
    pipe: Any,
    others: Sequence[Any],
    work: Callable[[Task], Result],
    begin: Callable[[Sequence[Task]], None],
    close: Callable[[], None],
) -> None:
    """Work until nobody sends any more, also when whoever did was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first process ends the others
    for other in others:  # or the pipe would stay open when the first process ends
        other.close()
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_results(work, begin, pipe.recv()))
    close()


def _results(
    work: Callable[[Task], Result], begin: Callable[[Sequence[Task]], None], tasks: Sequence[Task]
) -> list[Result] | Exception:
    try:
        begin(tasks)
        return [work(task) for task in tasks]
    except Exception as error:  # noqa: BLE001 - raised again where the results are waited for
        import pickle
        import traceback

        error.add_note("".join(traceback.format_exception(error)))
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        except Exception:  # noqa: BLE001 - an exception need not survive it
            return InternalError(f"{type(error).__name__}: {error}", "please report it with the file")
        return error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait, and processes started meanwhile never see one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

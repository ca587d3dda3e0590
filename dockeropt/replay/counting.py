"""Findings of the cache rules with what they cost over the history, counted for the Dockerfile as linted."""

from collections.abc import Callable

from dockeropt.checks.context.needless import needless_lines
from dockeropt.diagnostics.diagnostic import Diagnostic, Reruns
from dockeropt.records import NamedTuple
from dockeropt.replay.arguments import Pattern, Patterns
from dockeropt.replay.blobs import Blobs
from dockeropt.replay.history import Blob, History
from dockeropt.replay.model import Replay, StepCount
from dockeropt.replay.place import Place, path_in_repository
from dockeropt.replay.replay import Options, Other, replay
from dockeropt.semantics.dockerignore import Matcher
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

COUNTED = ("DO1001", "DO1002", "DO1006", "DO5001", "DO5002")
"""the codes of findings that a history can count"""


class Counter:
    """Counts the findings in Dockerfiles of one context."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._tree = history.tree()

    def counted(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Return the findings of one file with their counts, where there is something to count."""
        if not any(each.code in COUNTED for each in diagnostics):
            return diagnostics
        with Blobs(self._history.git) as blobs:
            one = _File(diagnostics[0].source, self._history, self._tree, blobs.read)
            return tuple([one.counted(each) for each in diagnostics])


class _File:
    """One Dockerfile, replayed when the first of its findings asks."""

    def __init__(
        self, source: Source, history: History, tree: dict[str, Blob], read: Callable[[str], bytes]
    ) -> None:
        self._source = source
        self._history = history
        self._tree = tree
        self._read = read
        self._replays: dict[Patterns, Replay] = {}
        self._starts = [each.span.start for each in parse(source).instructions]

    def counted(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a finding with what it cost in its message, where that can be told."""
        if diagnostic.code not in COUNTED:
            return diagnostic
        count = self._count(diagnostic)
        if count is None:
            return diagnostic
        finding = diagnostic.finding
        message = f"{finding.message} ({count.sentence})"
        return diagnostic._replace(finding=finding._replace(message=message), reruns=count.reruns)

    def _count(self, diagnostic: Diagnostic) -> "_Count | None":
        at = max((start for start in self._starts if start <= diagnostic.finding.span.start), default=-1)
        if diagnostic.code == "DO1002":
            return self._of_argument(diagnostic, at)
        step = _step(self._replayed(), at)
        if step is None:
            return None
        if diagnostic.code in ("DO5001", "DO5002"):
            return self._of_copy(step, at)
        needed = step.needed if step.dependencies_changed is None else step.dependencies_changed
        return _Count(
            Reruns(step.commits, step.reran_least, step.reran_most, needed),
            f"it ran again in {_of(step)}, {_needed(needed)}",
        )

    def _of_argument(self, diagnostic: Diagnostic, at: int) -> "_Count | None":
        """Count the step that pays most for an argument with another value in each commit."""
        span = diagnostic.finding.span
        name = self._source.text[span.start : span.end].partition("=")[0].strip()
        volatile = self._replayed((Pattern(name, "*"),))
        after = [step for step in volatile.steps if step.start > at and step.wasted_most]
        worst = max(after, key=lambda step: step.wasted_most * step.seconds, default=None)
        if worst is None:
            return None
        line = " ".join(worst.name.partition("] ")[2].removeprefix("RUN ").split())
        line = line if len(line) <= 40 else f"{line[:39].rstrip()}…"
        return _Count(
            Reruns(worst.commits, worst.reran_least, worst.reran_most, worst.needed),
            f"with a new one in each commit `{line}` runs again in {_of(worst)}, {_needed(worst.needed)}",
        )

    def _of_copy(self, step: StepCount, at: int) -> "_Count | None":
        """Count a COPY, and what of that is left where .dockerignore has the lines it should."""
        better = self._replayed(has_needless=False)
        other = _step(better, at)
        if other is None:
            return None
        return _Count(
            Reruns(step.commits, step.reran_least, step.reran_most, other.reran_most),
            f"it ran again in {_of(step)}, and for files that a build uses in {other.reran_most}",
        )

    def _replayed(self, patterns: Patterns = (), has_needless: bool = True) -> Replay:
        key = patterns if has_needless else (Pattern("", ""),)
        if key not in self._replays:
            text = self._source.text.encode("utf-8", "surrogateescape")
            path = path_in_repository(self._history, self._source.path)
            place = Place(text, path or self._source.path, False)
            others = () if has_needless else (Other("", text, self._better_ignore(), True),)
            found = replay(self._history, self._tree, place, self._read, others, Options(patterns))
            self._replays[key] = found.replays[-1]
        return self._replays[key]

    def _better_ignore(self) -> str:
        folder = self._history.folder
        path = path_in_repository(self._history, self._source.path)
        blob = self._tree.get(f"{path}.dockerignore") or self._tree.get(f"{folder}.dockerignore")
        written = "" if blob is None else self._read(blob.id).decode("utf-8", "surrogateescape")
        matcher = Matcher(written)
        paths = [path[len(folder) :] for path in self._tree if path.startswith(folder)]
        kept = [path for path in (*paths, ".git/HEAD") if not matcher.excludes(path)]
        return "\n".join([written, *needless_lines(kept, self._source.text)])


class _Count(NamedTuple):
    reruns: Reruns
    sentence: str


def _step(replayed: Replay, start: int) -> StepCount | None:
    return next((step for step in replayed.steps if step.start == start and step.commits), None)


def _needed(count: int) -> str:
    return f"and needed to in {count}" if count else "and never needed to"


def _of(step: StepCount) -> str:
    least, most = step.reran_least, step.reran_most
    return f"{most if least == most else f'{least} to {most}'} of the last {step.commits} commits"

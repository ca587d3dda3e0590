"""Measuring candidates side by side: cold builds, sizes, starts and rebuilds, in turn, to share noise."""

from collections.abc import Mapping, Sequence
from functools import partial

from docker.errors import DockerException
from requests.exceptions import RequestException

from dockeropt.cache.graph import StepGraph, step_graph
from dockeropt.errors import MeasureError, UsageError
from dockeropt.files import list_files
from dockeropt.measure.base_images import base_images, pull_missing
from dockeropt.measure.builder import Builder, Buildx, Built, Request
from dockeropt.measure.cache_mounts import with_own_cache_mounts, without_own_ids
from dockeropt.measure.engine import Engine, connect, reason
from dockeropt.measure.image.local import read_local
from dockeropt.measure.model import BuildTime, Candidate, Comparison, ImageSize, Measurement, Startup, Timing
from dockeropt.measure.narrator import Narrator, Silent
from dockeropt.measure.session import Session, session
from dockeropt.measure.source_edit import Edit, choose, edit_of
from dockeropt.measure.startup import Answered, Start, exposed_port, time_start
from dockeropt.measure.workspace import Workspace, copy_context, files_of
from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context, File
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

STARTS = 3
"""starts timed at least: they cost seconds, where builds cost minutes"""


class Options(NamedTuple):
    """What to measure and how often."""

    runs: int = 1
    """cold builds and rebuilds of each candidate; one of a large app takes minutes, so one unless asked"""
    port: int | None = None
    """None for the one the image exposes"""
    path: str = "/"
    source: str | None = None
    """the file to change, relative to the context; None to choose one"""
    starts: bool = True
    timeout: float = 60.0
    """seconds a container has to answer"""
    cpus: float | None = None
    """processors a container may use, None for all"""
    memory: str | None = None
    """what a container may hold, as docker writes it; None for all"""
    arguments: Mapping[str, str] = {}
    secrets: tuple[str, ...] = ()
    environment: Mapping[str, str] = {}


def measure(
    context: str,
    candidates: Sequence[Candidate],
    options: Options = Options(),  # noqa: B008 - immutable
    narrator: Narrator | None = None,
    builder: Builder | None = None,
) -> Comparison:
    """Return what the candidates' images weigh and how long they take to build, rebuild and start.

    Everything runs on copies of the context; what was made is removed, whatever happens. Raises MeasureError
    when the engine, a build or a start fails, UsageError when there is nothing to edit.
    """
    engine = connect()
    try:
        with session(engine) as current:
            work = _Work(engine, current, options, narrator or Silent(), builder or Buildx())
            return work.compare(context, candidates)
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the Docker engine stopped answering: {reason(error)}",
            "look at `docker info`, then measure again",
        ) from error
    finally:
        engine.client.close()


class _Subject:
    """A candidate, its copy of the context and what was measured of it so far."""

    def __init__(self, number: int, workspace: Workspace, bases: tuple[str, ...]) -> None:
        self.number = number
        self.candidate = workspace.candidate
        self.workspace = workspace
        self.bases = bases
        self.colds: list[Built] = []
        self.rebuilds: list[Built] = []
        self.starts: list[Answered] = []
        self.image: ImageSize | None = None
        self.tag = ""
        self.mark = ""
        """what the ids of its cache mounts begin with"""
        self.port = 0


class _Work:
    """One measurement under way."""

    def __init__(
        self, engine: Engine, current: Session, options: Options, narrator: Narrator, builder: Builder
    ) -> None:
        self._engine = engine
        self._session = current
        self._options = options
        self._narrator = narrator
        self._builder = builder

    def compare(self, context: str, candidates: Sequence[Candidate]) -> Comparison:
        subjects = [self._subject(number, context, each) for number, each in enumerate(candidates)]
        edit, original = self._edit(subjects)
        for turn in range(self._options.runs):
            for subject in subjects:
                self._build_cold(subject, turn)
        for subject in subjects:
            self._weigh(subject)
        if self._options.starts:
            for turn in range(self._starts):
                for subject in subjects:
                    self._start(subject, turn)
        for turn in range(self._options.runs):
            for subject in subjects:
                self._rebuild(subject, turn, edit, original)
        return Comparison(
            context,
            edit.path,
            self._engine.version,
            self._engine.buildx,
            tuple(self._measurement(subject) for subject in subjects),
        )

    @property
    def _starts(self) -> int:
        return max(STARTS, self._options.runs)

    def _subject(self, number: int, context: str, candidate: Candidate) -> _Subject:
        folder = self._session.folder / str(number)
        folder.mkdir()
        workspace = copy_context(context, folder, candidate)
        bases = base_images(candidate.dockerfile, self._options.arguments)
        self._narrator.begin(f"{candidate.name}: base images {', '.join(bases) or '(none)'}")
        pulled = pull_missing(self._engine, bases)
        self._narrator.end(f"pulled {', '.join(pulled)}" if pulled else "present")
        return _Subject(number, workspace, bases)

    def _edit(self, subjects: Sequence[_Subject]) -> tuple[Edit, bytes]:
        first, *others = (subject.workspace for subject in subjects)
        path = self._options.source
        if path is None:
            common = set(files_of(first)).intersection(*(files_of(each) for each in others))
            path = choose(common, [self._graph(subject) for subject in subjects])
            if path is None:
                raise UsageError(
                    "no source file was found that every build can see",
                    "name the file to change with --source",
                )
        edit = edit_of(path)
        contents = [subject.workspace.read(path) for subject in subjects]
        for subject, content in zip(subjects, contents, strict=True):
            if content is None:
                raise UsageError(
                    f"{path} is no file in the context of {subject.candidate.name}",
                    "--source is relative to the context, and .dockerignore must not leave it out",
                )
        return edit, contents[0] or b""

    def _graph(self, subject: _Subject) -> StepGraph:
        root = str(subject.workspace.context)
        context = Context(
            lambda: (File(*found) for found in list_files(root)), subject.candidate.dockerignore, root
        )
        dockerfile = parse(Source(subject.candidate.dockerfile, subject.candidate.path))
        return step_graph(resolve(dockerfile, self._options.arguments, context))

    def _build_cold(self, subject: _Subject, turn: int) -> None:
        # Each cold build has cache mounts of its own; the rebuilds go on with those of the last one.
        subject.mark = f"{self._session.id}-{subject.number}-{turn}"
        text = with_own_cache_mounts(subject.candidate.dockerfile, subject.mark)
        self._session.has_cache_mounts |= text != subject.candidate.dockerfile
        subject.workspace.write_dockerfile(text)
        subject.colds.append(self._build(subject, f"cold{turn}", f"cold build{self._of(turn)}", is_cold=True))

    def _rebuild(self, subject: _Subject, turn: int, edit: Edit, original: bytes) -> None:
        # A mark of its own for every rebuild: no other build may have left these very steps in the cache.
        subject.workspace.edit(edit, original, f"{self._session.id}-{subject.number}-{turn}")
        title = f"rebuild after an edit of {edit.path}{self._of(turn)}"
        subject.rebuilds.append(self._build(subject, f"edit{turn}", title, is_cold=False))

    def _build(self, subject: _Subject, tag: str, title: str, *, is_cold: bool) -> Built:
        before = subject.tag
        subject.tag = self._session.tag(f"{subject.number}-{tag}")
        request = Request(
            str(subject.workspace.context),
            str(subject.workspace.dockerfile),
            subject.tag,
            is_cold,
            self._options.arguments,
            self._options.secrets,
            self._session.labels,
            subject.candidate.path,
            partial(without_own_ids, run=subject.mark),
        )
        self._narrator.begin(f"{subject.candidate.name}: {title}")
        built = self._builder.build(request, self._narrator.watch)
        run = sum(not step.is_cached for step in built.steps)
        self._narrator.end(f"{built.seconds:.1f} s, {run} of {len(built.steps)} steps ran")
        if before:
            self._session.remove_image(before)
        return built

    def _of(self, turn: int) -> str:
        return f" {turn + 1} of {self._options.runs}" if self._options.runs > 1 else ""

    def _weigh(self, subject: _Subject) -> None:
        self._narrator.begin(f"{subject.candidate.name}: image size")
        subject.image = read_local(self._engine, subject.tag, subject.bases).size
        unpacked, compressed = subject.image.unpacked_bytes, subject.image.compressed_bytes
        self._narrator.end(f"{unpacked / 1e6:,.1f} MB unpacked, {compressed / 1e6:,.1f} MB compressed")

    def _start(self, subject: _Subject, turn: int) -> None:
        options = self._options
        subject.port = options.port or exposed_port(self._engine, subject.tag)
        self._narrator.begin(f"{subject.candidate.name}: start {turn + 1} of {self._starts}")
        start = Start(
            subject.tag,
            subject.port,
            options.path,
            options.timeout,
            options.environment,
            self._session.labels,
            options.cpus,
            options.memory,
            stops=turn + 1 == self._starts,
        )
        try:
            answered = time_start(self._engine, start)
        except MeasureError as error:
            raise MeasureError(f"{subject.candidate.name}: {error.message}", error.hint) from error
        subject.starts.append(answered)
        self._narrator.end(f"{answered.seconds:.2f} s to status {answered.status}")

    def _measurement(self, subject: _Subject) -> Measurement:
        assert subject.image is not None  # noqa: S101 - weighed before
        starts = subject.starts
        return Measurement(
            subject.candidate.name,
            subject.image,
            _time(subject.colds),
            _time(subject.rebuilds),
            Startup(
                Timing(tuple(each.seconds for each in starts)),
                subject.port,
                self._options.path,
                starts[-1].status,
                max((each.early_health for each in starts if each.early_health is not None), default=None),
                starts[-1].stop,
            )
            if starts
            else None,
        )


def _time(builds: Sequence[Built]) -> BuildTime:
    return BuildTime(Timing(tuple(each.seconds for each in builds)), builds[-1].steps)

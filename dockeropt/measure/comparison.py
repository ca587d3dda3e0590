"""Measuring candidates side by side: cold builds, sizes, starts and rebuilds, in turn, to share noise."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path

from docker.errors import DockerException
from requests.exceptions import RequestException

from dockeropt.cache.graph import StepGraph, step_graph
from dockeropt.errors import MeasureError, UsageError
from dockeropt.files import list_files
from dockeropt.measure.base_images import base_images, pull_missing
from dockeropt.measure.builder import Builder, Buildx, Built, Request, time_of
from dockeropt.measure.cache_mounts import own_mounts, with_own_cache_mounts, without_own_ids
from dockeropt.measure.changes import check_is_taken_in, edits_of, source_of
from dockeropt.measure.engine import Engine, connect, reason
from dockeropt.measure.fresh_machine import is_mark, with_marks, without_marks
from dockeropt.measure.image.local import read_local
from dockeropt.measure.model import Candidate, Comparison, ImageSize, Measurement, Scenario, Startup, Timing
from dockeropt.measure.narrator import Narrator, Silent
from dockeropt.measure.ports import listening_port
from dockeropt.measure.session import Session, session
from dockeropt.measure.source_edit import Edit
from dockeropt.measure.startup import Answered, Start, time_start
from dockeropt.measure.workspace import Workspace, copy_context, files_of
from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context, File
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

STARTS = 3
"""starts timed at least: they cost seconds, where builds cost minutes"""

USUAL = (Scenario.COLD, Scenario.SOURCE)
"""what is measured unless told: the two that tell most, since builds take minutes"""


_CACHE_FORM = "mode=max,image-manifest=true,oci-mediatypes=true"
"""of a cache that every registry takes, ECR too"""


class Options(NamedTuple):
    """What to measure and how often."""

    runs: int = 1
    """builds of each scenario of each candidate; one of a large app takes minutes, so one unless asked"""
    scenarios: tuple[Scenario, ...] = USUAL
    """a cold build is made in any case: it is what the others start from"""
    builder: str = ""
    """name of a buildx builder, empty for the one in use"""
    cache: str = ""
    """name in a registry for the cache of the scenario REMOTE; what it holds is replaced"""
    platforms: tuple[str, ...] = ()
    """as docker writes them (``linux/arm64``); none for the builder's own"""
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
        with session(engine, options.builder) as current:
            buildx = builder or Buildx(options.builder)
            work = _Work(engine, current, options, narrator or Silent(), buildx)
            return work.compare(context, candidates)
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the Docker engine stopped answering: {reason(error)}",
            "look at `docker info`, then measure again",
        ) from error
    finally:
        engine.client.close()


class _Subject:
    """A candidate on a platform, its copy of the context and what was measured of it so far."""

    def __init__(self, number: int, workspace: Workspace, bases: tuple[str, ...], platform: str) -> None:
        self.number = number
        self.candidate = workspace.candidate
        self.workspace = workspace
        self.bases = bases
        self.platform = platform
        self.builds: dict[Scenario, list[Built]] = {}
        self.starts: list[Answered] = []
        self.image: ImageSize | None = None
        self.tag = ""
        self.mark = ""
        """what the ids of its cache mounts begin with"""
        self.port = 0
        self.originals: dict[str, bytes] = {}
        """what the files that are edited hold, by path"""

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.candidate.name} ({self.platform})" if self.platform else self.candidate.name


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
        self._edits: dict[Scenario, tuple[Edit, ...]] = {}

    def compare(self, context: str, candidates: Sequence[Candidate]) -> Comparison:
        platforms = self._options.platforms or ("",)
        subjects = [
            self._subject(number, context, each, platform)
            for number, (platform, each) in enumerate(product(platforms, candidates))
        ]
        self._choose_edits(context, subjects)
        for turn in range(self._options.runs):
            for subject in subjects:
                self._build_cold(subject, turn)
        for subject in subjects:
            self._weigh(subject)
        self._start_all(subjects)
        for turn in range(self._options.runs):
            for scenario in self._rebuilds:
                for subject in subjects:
                    if scenario is Scenario.REMOTE:
                        self._build_fresh(subject, turn)
                    else:
                        self._rebuild(subject, scenario, turn)
        return Comparison(
            context,
            {scenario: tuple(edit.path for edit in edits) for scenario, edits in self._edits.items()},
            self._engine.version,
            self._engine.buildx,
            tuple(self._measurement(subject) for subject in subjects),
            self._options.builder,
        )

    @property
    def _rebuilds(self) -> list[Scenario]:
        """The scenarios after the cold build, each building on what the one before it left."""
        return [each for each in Scenario if each in self._options.scenarios and each is not Scenario.COLD]

    @property
    def _starts(self) -> int:
        return max(STARTS, self._options.runs)

    def _subject(self, number: int, context: str, candidate: Candidate, platform: str) -> _Subject:
        folder = self._session.folder / str(number)
        folder.mkdir()
        workspace = copy_context(context, folder, candidate)
        bases = base_images(candidate.dockerfile, self._options.arguments)
        subject = _Subject(number, workspace, bases, platform)
        self._narrator.begin(f"{subject.title}: base images {', '.join(bases) or '(none)'}")
        pulled = () if platform else pull_missing(self._engine, bases)
        if platform or self._options.builder:
            fetching = folder / "fetching"
            fetching.mkdir()
            for image in bases:
                self._builder.fetch(image, platform, fetching)
        self._narrator.end(f"pulled {', '.join(pulled)}" if pulled else "present")
        return subject

    def _choose_edits(self, context: str, subjects: Sequence[_Subject]) -> None:
        """Find out before the first build what to change for each scenario."""
        listed = [set(files_of(subject.workspace)) for subject in subjects]
        graphs = [self._graph(subject) for subject in subjects]
        for scenario in self._rebuilds:
            if scenario in (Scenario.SOURCE, Scenario.REMOTE):
                edit = source_of(set.intersection(*listed), graphs, self._options.source)
                self._edits[scenario] = (edit,)
            elif scenario is not Scenario.UNCHANGED:
                # What a .dockerignore leaves out of every build is changed by developers all the same.
                paths = {path for path, *_ in list_files(context)}
                self._edits[scenario] = edits_of(scenario, paths, partial(_read, context))
        check_is_taken_in(self._edits.get(Scenario.DEPENDENCY, ()), graphs)
        for subject in subjects:
            for scenario, edits in self._edits.items():
                for edit in edits:
                    content = subject.workspace.read(edit.path)
                    if content is not None:
                        subject.originals[edit.path] = content
                    elif scenario in (Scenario.SOURCE, Scenario.REMOTE):
                        raise UsageError(
                            f"{edit.path} is no file in the context of {subject.candidate.name}",
                            "--source is relative to the context, and .dockerignore must not leave it out",
                        )

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
        subject.workspace.write_dockerfile(self._with_own_mounts(subject))
        self._build(subject, Scenario.COLD, turn)

    def _with_own_mounts(self, subject: _Subject) -> str:
        """Return the Dockerfile with cache mounts of the subject alone, emptied at the end."""
        text = with_own_cache_mounts(subject.candidate.dockerfile, subject.mark)
        for image, ids in own_mounts(text, subject.mark, self._options.arguments).items():
            self._session.cache_mounts.setdefault(image, set()).update(ids)
        return text

    def _rebuild(self, subject: _Subject, scenario: Scenario, turn: int) -> None:
        self._edit(subject, scenario, turn)
        self._build(subject, scenario, turn)

    def _edit(self, subject: _Subject, scenario: Scenario, turn: int) -> None:
        # A mark of its own for every rebuild: no other build may have left these very steps in the cache.
        mark = f"{self._session.id}-{subject.number}-{scenario.value}-{turn}"
        for edit in self._edits.get(scenario, ()):
            if edit.path in subject.originals:
                subject.workspace.edit(edit, subject.originals[edit.path], mark)

    def _build_fresh(self, subject: _Subject, turn: int) -> None:
        """Build what fills the registry's cache, forget it, edit a source file and build from that cache."""
        mark = f"{self._session.id}-fresh-{subject.number}-{turn}"
        self._session.marks.add(mark)
        cache = f"type=registry,ref={self._options.cache}"
        for kind, option in ((0, f"--cache-to={cache},{_CACHE_FORM}"), (1, f"--cache-from={cache}")):
            # A fresh machine has no cache mounts either.
            subject.mark = f"{self._session.id}-{subject.number}-{self._options.runs + 2 * turn + kind}"
            subject.workspace.write_dockerfile(with_marks(self._with_own_mounts(subject), mark))
            if kind:
                self._session.remove_image(subject.tag)
                self._session.forget_steps(mark)
                self._session.marks.add(mark)
                self._edit(subject, Scenario.REMOTE, turn)
                self._build(subject, Scenario.REMOTE, turn, (option,), mark)
            else:
                request = self._request(subject, f"{subject.number}-filled-{turn}", (option,))
                self._run(subject, f"filling {self._options.cache}{self._of(turn)}", request)
        self._session.forget_steps(mark)

    def _build(
        self, subject: _Subject, scenario: Scenario, turn: int, caches: tuple[str, ...] = (), mark: str = ""
    ) -> None:
        request = self._request(subject, f"{subject.number}-{scenario.value}-{turn}", caches)
        request = request._replace(is_cold=scenario is Scenario.COLD)
        if mark:
            clean = request.clean
            request = request._replace(clean=lambda name: without_marks(clean(name)))
        built = self._run(subject, f"{self._title(scenario)}{self._of(turn)}", request)
        if mark:
            built = built._replace(
                steps=tuple(step for step in built.steps if not is_mark(step.name, mark)),
                critical_path=tuple(step for step in built.critical_path if not is_mark(step.name, mark)),
            )
        subject.builds.setdefault(scenario, []).append(built)

    def _request(self, subject: _Subject, tag: str, caches: tuple[str, ...]) -> Request:
        return Request(
            str(subject.workspace.context),
            str(subject.workspace.dockerfile),
            self._session.tag(tag),
            False,
            self._options.arguments,
            self._options.secrets,
            self._session.labels,
            subject.candidate.path,
            partial(without_own_ids, run=subject.mark),
            subject.platform,
            caches,
        )

    def _run(self, subject: _Subject, title: str, request: Request) -> Built:
        """Build, tell of it, and let the image take the place of the one before."""
        before, subject.tag = subject.tag, request.tag
        self._narrator.begin(f"{subject.title}: {title}")
        built = self._builder.build(request, self._narrator.watch)
        run = sum(not step.is_cached for step in built.steps)
        self._narrator.end(f"{built.seconds:.1f} s, {run} of {len(built.steps)} steps ran")
        if before:
            self._session.remove_image(before)
        return built

    def _title(self, scenario: Scenario) -> str:
        if scenario is Scenario.COLD:
            return "cold build"
        edits = self._edits.get(scenario, ())
        files = " and ".join(edit.path for edit in edits)
        if scenario is Scenario.REMOTE:
            return f"build from {self._options.cache} after an edit of {files}"
        return f"rebuild after an edit of {files}" if files else "build of what has not changed"

    def _of(self, turn: int) -> str:
        return f" {turn + 1} of {self._options.runs}" if self._options.runs > 1 else ""

    def _weigh(self, subject: _Subject) -> None:
        self._narrator.begin(f"{subject.title}: image size")
        platform = subject.platform or None
        subject.image = read_local(self._engine, subject.tag, subject.bases, platform).size
        unpacked, compressed = subject.image.unpacked_bytes, subject.image.compressed_bytes
        self._narrator.end(f"{unpacked / 1e6:,.1f} MB unpacked, {compressed / 1e6:,.1f} MB compressed")

    def _start_all(self, subjects: Sequence[_Subject]) -> None:
        """Start the images the engine can run, in turn."""
        own = [each for each in subjects if each.platform in ("", self._engine.platform)]
        for turn in range(self._starts if self._options.starts else 0):
            for subject in own:
                self._start(subject, turn)

    def _start(self, subject: _Subject, turn: int) -> None:
        options = self._options
        subject.port = options.port or listening_port(
            self._engine, subject.tag, subject.candidate.dockerfile, options.arguments
        )
        self._narrator.begin(f"{subject.title}: start {turn + 1} of {self._starts}")
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
            raise MeasureError(f"{subject.title}: {error.message}", error.hint) from error
        subject.starts.append(answered)
        self._narrator.end(f"{answered.seconds:.2f} s to status {answered.status}")

    def _measurement(self, subject: _Subject) -> Measurement:
        assert subject.image is not None  # noqa: S101 - weighed before
        return Measurement(
            subject.candidate.name,
            subject.image,
            {scenario: time_of(builds) for scenario, builds in subject.builds.items()},
            self._startup(subject) if subject.starts else None,
            subject.platform,
        )

    def _startup(self, subject: _Subject) -> Startup:
        starts = subject.starts
        usual = sorted(starts, key=lambda each: each.seconds)[(len(starts) - 1) // 2]
        return Startup(
            Timing(tuple(each.seconds for each in starts)),
            subject.port,
            self._options.path,
            usual.status,
            max((each.early_health for each in starts if each.early_health is not None), default=None),
            starts[-1].stop,
            usual.failing,
        )


def _read(context: str, path: str) -> bytes | None:
    """Return the bytes of a file of the context, None where it cannot be read."""
    try:
        return Path(context, path).read_bytes()
    except OSError:
        return None

"""Every commit of histories is built with the layers of the commit before: the replay says what ran.

What a replay says is held against the engine step by step: no step outside the two bounds.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from dockeropt.replay.arguments import arguments_for, read_patterns
from dockeropt.replay.blobs import Blobs
from dockeropt.replay.context import ContextView
from dockeropt.replay.history import open_history
from dockeropt.replay.player import Player, Rerun
from dockeropt.replay.recipe import Kept
from dockeropt.syntax.instructions import From
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from tests.engine.builds import Ran, build, own_context
from tests.engine.histories import STORIES, Story
from tests.replay.repository import Files, Link, Program, Repository

pytestmark = pytest.mark.engine

_AT_ONCE = 3
"""histories; most of a small build is waiting"""


class Step(NamedTuple):
    """What one step of one commit did, and what the replay says of it."""

    commit: int
    name: str
    ran: bool
    least: bool
    most: bool

    @property
    def is_within_the_bounds(self) -> bool:
        """Whether the replay is right."""
        return self.least <= self.ran <= self.most


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[list[Step]]]]:
    """The steps of each history, being built."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield {
            name: pool.submit(_played, story, tmp_path_factory.mktemp("history"))
            for name, story in STORIES.items()
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", STORIES)
def test_the_engine_runs_what_the_replay_says(name: str, answers: Mapping[str, Future[list[Step]]]) -> None:
    steps = answers[name].result()
    assert [step for step in steps if not step.is_within_the_bounds] == []
    assert {step.ran for step in steps} == {True, False}


def test_the_bounds_are_close(
    answers: Mapping[str, Future[list[Step]]], capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [step for answer in answers.values() for step in answer.result()]
    commits = sum(len(story.edits) for story in STORIES.values())
    close = sum(step.least == step.most for step in steps)
    right = sum(step.is_within_the_bounds for step in steps)
    with capsys.disabled():
        print(
            f"\n{len(STORIES)} histories, {commits} commits, {len(steps)} steps: {right} within the bounds, "
            f"which coincide for {close} ({close / len(steps):.1%})"
        )
    assert commits >= 60
    assert close / len(steps) > 0.8


def _played(story: Story, folder: Path) -> list[Step]:
    """Return what every step of every commit did, those of the first commit left out."""
    token = uuid4().hex[:12]
    repository = Repository(own_context(folder, token))
    commits = [repository.commit(_fresh(files, token)) for files in (story.files, *story.edits)]
    reruns = _replayed(repository.folder, story.arguments)
    _assert_nothing_comes_back([reruns[commit] for commit in commits[1:]])
    found: list[Step] = []
    for number, commit in enumerate(commits):
        repository.git("checkout", "--quiet", "--detach", commit)
        dockerfile = parse(Source((repository.folder / "Dockerfile").read_text()))
        given = arguments_for(read_patterns(story.arguments), dockerfile, commit)
        outcome = build(repository.folder, arguments=given)
        if number:
            found.extend(_steps(number, reruns[commit], outcome))
        else:
            assert outcome.cached == {}, "an earlier run of the test left layers behind"
    return found


def _fresh(files: Files, token: str) -> Files:
    """Return the files with a word in steps and contents that no earlier build has seen."""
    found: dict[str, str | bytes | Link | Program | None] = {}
    for path, content in files.items():
        if path == "Dockerfile":
            found[path] = str(content).replace("TOKEN", token)
        elif isinstance(content, Program):
            found[path] = Program(token + content.text)
        else:
            found[path] = token + content if isinstance(content, str) and path != ".dockerignore" else content
    return found


def _replayed(folder: Path, arguments: tuple[str, ...]) -> dict[str, Rerun]:
    """Return what each commit reruns, by its id."""
    history = open_history(str(folder))
    found: dict[str, Rerun] = {}
    with Blobs(history.git) as blobs:
        context = ContextView(history.folder, True, blobs.read)
        player = Player(Kept("Dockerfile", history.folder, blobs.read), context, read_patterns(arguments))
        files = history.tree()
        player.see(history.commits[0].id, files, ())
        for (_, changes), older in zip(history.changes(), history.commits[1:], strict=True):
            for path, before, _ in changes:
                files.pop(path, None)
                if before is not None:
                    files[path] = before
            rerun = player.see(older.id, files, changes)
            assert rerun is not None
            found[rerun.sight.commit] = rerun
    return found


def _assert_nothing_comes_back(reruns: list[Rerun]) -> None:
    """Check that no commit finds layers of another one than the commit before: the engine has them all."""
    for number, rerun in enumerate(reruns):
        older = {key for each in reruns[:number] for key in each.sight.changes}
        new = {key for key, runs in zip(rerun.sight.changes, rerun.most, strict=True) if runs}
        assert new.isdisjoint(older), f"edit {number + 1} goes back to an earlier state"


def _steps(number: int, rerun: Rerun, outcome: Ran) -> Iterator[Step]:
    """Yield the steps of a commit; those with one key are one to the engine, under one of their names."""
    sight = rerun.sight
    by_position = {step.position: key for step, key in zip(sight.graph.steps, sight.changes, strict=True)}
    assert (outcome.ran.keys() | outcome.cached.keys()) <= by_position.keys()
    ran = {by_position[position] for position in outcome.ran}
    told = ran | {by_position[position] for position in outcome.cached}
    for step, key, least, most in zip(sight.graph.steps, sight.changes, rerun.least, rerun.most, strict=True):
        if not isinstance(step.view, From):
            assert key in told, f"the engine does not speak of {step.name}"
            yield Step(number, step.name, key in ran, least, most)

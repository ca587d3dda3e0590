"""The engine does what the table of the facts says, and what the step graph predicts, row by row."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from dockeropt.cache.graph import StepGraph
from dockeropt.cache.snapshot import Snapshot
from dockeropt.cache.steps import Step
from tests.cache.contexts import changed, seen, write
from tests.cache.predictions import first_line, graph_of, predicted, snapshot_of
from tests.cache.row import Content, Row
from tests.cache.rows import ROWS
from tests.engine.builds import build, own_context, steps_that_ran

pytestmark = pytest.mark.engine


_AT_ONCE = 4
"""pairs of builds; most of a small build is waiting"""


class Answer(NamedTuple):
    """What the engine did with a row and what the graph says of it: of the first build and of the second."""

    graph: StepGraph
    first: tuple[Step, ...]
    first_predicted: tuple[Step, ...]
    second: tuple[Step, ...]
    second_predicted: tuple[Step, ...]


@pytest.fixture(scope="module")
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[Answer]]]:
    """The answers to the rows that were selected, being found."""
    names = {
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.module is request.module
    }
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield {
            name: pool.submit(_ask, row, tmp_path_factory.mktemp("row"))
            for name, row in ROWS.items()
            if name in names
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", ROWS)
def test_the_engine_reruns_what_the_table_says(name: str, answers: Mapping[str, Future[Answer]]) -> None:
    answer = answers[name].result()
    assert answer.first_predicted == answer.first
    assert ROWS[name].reruns == tuple(first_line(answer.graph, step) for step in answer.second)
    assert answer.second_predicted == answer.second


def _ask(row: Row, folder: Path) -> Answer:
    """Build, change one thing, build again."""
    token = uuid4().hex[:12]
    folder, row = own_context(folder, token), _fresh(row, token)
    files = {**row.files, "Dockerfile": Content(row.before)}
    empty, first = (graph_of(""), Snapshot({})), _state(files, {}, row.arguments)
    write(folder, files)
    ran = steps_that_ran(*first, build(folder, arguments=row.arguments))

    changes = dict(row.files_after or {})
    if row.after is not None:
        changes["Dockerfile"] = Content(row.after, modified=1_700_000_900)
    arguments = row.arguments if row.arguments_after is None else row.arguments_after
    second = _state(changed(files, changes), files, arguments)
    write(folder, changes)
    ran_again = steps_that_ran(*second, build(folder, arguments=arguments))
    return Answer(
        second[0], ran, predicted(empty, first, row.mode), ran_again, predicted(first, second, row.mode)
    )


def _state(
    files: Mapping[str, Content], before: Mapping[str, Content], arguments: Mapping[str, str]
) -> tuple[StepGraph, Snapshot]:
    return graph_of(files["Dockerfile"].text, arguments), snapshot_of(seen(files, before))


def _fresh(row: Row, token: str) -> Row:
    """Return the row with a word in steps and files that no earlier build has seen."""
    return row._replace(
        before=row.before.replace("UNIQUE", token),
        after=row.after and row.after.replace("UNIQUE", token),
        files=changed({}, _marked(row.files, token)),
        files_after=row.files_after and _marked(row.files_after, token),
    )


def _marked(files: Mapping[str, Content | None], token: str) -> dict[str, Content | None]:
    return {
        path: content
        if content is None or content.is_link or path == ".dockerignore"
        else content._replace(text=token + content.text)
        for path, content in files.items()
    }

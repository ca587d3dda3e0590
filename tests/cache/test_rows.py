"""The model says of every row of the table what the facts say; the engine is asked in tests/engine."""

import pytest

from dockeropt.cache.steps import Mode
from tests.cache.contexts import changed, seen
from tests.cache.predictions import first_line, graph_of, predicted, snapshot_of
from tests.cache.row import Content, Row
from tests.cache.rows import ROWS


def _reruns(row: Row, mode: Mode) -> tuple[str, ...]:
    files = changed(row.files, row.files_after or {})
    after_arguments = row.arguments if row.arguments_after is None else row.arguments_after
    after_text = row.before if row.after is None else row.after
    before_entries = seen({**row.files, "Dockerfile": Content(row.before)})
    after_entries = seen({**files, "Dockerfile": Content(after_text)}, row.files)
    before = graph_of(row.before, row.arguments), snapshot_of(before_entries)
    after = graph_of(after_text, after_arguments), snapshot_of(after_entries)
    return tuple(first_line(after[0], step) for step in predicted(before, after, mode))


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_change_reruns_what_the_table_says(row: Row) -> None:
    assert row.reruns == _reruns(row, row.mode)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_the_truth_lies_between_the_two_bounds(row: Row) -> None:
    assert set(_reruns(row, Mode.SAME)) <= set(row.reruns) <= set(_reruns(row, Mode.CHANGES))


def _is_edit(row: Row) -> bool:
    """Tell whether a row changes files of the context alone, none of them unseen and none behind a link."""
    if any(content.is_link for content in row.files.values()):
        return False
    files = changed(row.files, row.files_after or {})
    return row.after is None and row.files_after is not None and seen(row.files) != seen(files, row.files)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS.values() if _is_edit(row)],
    ids=[name for name, row in ROWS.items() if _is_edit(row)],
)
def test_changed_files_invalidate_what_reruns(row: Row) -> None:
    ignore = row.files[".dockerignore"].text if ".dockerignore" in row.files else None
    graph = graph_of(row.before, row.arguments, dockerignore=ignore)
    for mode in Mode:
        steps = graph.invalidated_by(row.files_after or {}, mode=mode)
        assert _reruns(row, mode) == tuple(first_line(graph, step) for step in steps)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS.values() if row.arguments_after],
    ids=[name for name, row in ROWS.items() if row.arguments_after],
)
def test_changed_arguments_invalidate_what_reruns(row: Row) -> None:
    graph = graph_of(row.before, row.arguments)
    for mode in Mode:
        steps = graph.invalidated_by(arguments=row.arguments_after or {}, mode=mode)
        assert _reruns(row, mode) == tuple(first_line(graph, step) for step in steps)

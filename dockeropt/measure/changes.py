"""What is changed in a candidate's copy of the context before a build, for each scenario."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from dockeropt.cache.graph import StepGraph
from dockeropt.errors import UsageError
from dockeropt.knowledge.package_managers import PACKAGE_MANAGERS
from dockeropt.measure.model import Scenario
from dockeropt.measure.new_dependency import addition
from dockeropt.measure.source_edit import Edit, choose, edit_of, manifest_edit_of

_DOCUMENTS = (".md", ".rst", ".adoc", ".txt")


def source_of(common: Collection[str], graphs: Sequence[StepGraph], named: str | None) -> Edit:
    """Return the edit of a source file: the one named, else the likeliest that every build can see.

    Raises UsageError where there is none.
    """
    path = named if named is not None else choose(common, graphs)
    if path is None:
        raise UsageError(
            "no source file was found that every build can see", "name the file to change with --source"
        )
    return edit_of(path)


def edits_of(
    scenario: Scenario, paths: Collection[str], read: Callable[[str], bytes | None]
) -> tuple[Edit, ...]:
    """Return the edits of a document or of the manifests, out of the files of the context.

    ``read`` gives the bytes of one. A dependency is added where the lock file allows it; else what the
    manifests name stays the same. Raises UsageError where the context has no such file, naming the scenario
    to leave out.
    """
    if scenario is Scenario.DOCUMENT:
        document = document_of(paths)
        found = [] if document is None else [edit_of(document)]
        missing = "no document (README.md, or a file in docs/)"
    else:
        found = list(_with_dependency(manifests_of(paths), read))
        missing = "no manifest of dependencies at the top (package.json, requirements.txt, go.mod, …)"
    if not found:
        raise UsageError(
            f"the context has {missing} to change for the scenario {scenario.value}",
            "choose others with --scenario",
        )
    return tuple(found)


def _with_dependency(manifests: Sequence[str], read: Callable[[str], bytes | None]) -> Iterator[Edit]:
    """Yield the edits of manifest and lock file; a mark makes each time's another."""
    added = addition(manifests[0], manifests[1], read) if len(manifests) > 1 else None
    for path in manifests:
        marked = manifest_edit_of(path)
        content = None if added is None else added.files.get(path)
        if content is None:
            if marked is not None:
                yield marked
        else:
            yield Edit(path, partial(_replaced, content, marked))


def _replaced(content: bytes, marked: Edit | None, _before: bytes, mark: str) -> bytes:
    return content if marked is None else marked.change(content, mark)


def document_of(paths: Iterable[str]) -> str | None:
    """Return the document nearest to the top, a README first."""
    return min(filter(_is_document, paths), key=lambda path: (path.count("/"), path), default=None)


def manifests_of(paths: Collection[str]) -> tuple[str, ...]:
    """Return the manifest and the lock file at the top of the context, empty where none is known."""
    known = set(paths)
    return next(
        (
            manager.usual_manifests
            for manager in PACKAGE_MANAGERS
            if manager.usual_manifests and known.issuperset(manager.usual_manifests)
        ),
        next(
            (
                manager.usual_manifests[:1]
                for manager in PACKAGE_MANAGERS
                if manager.usual_manifests and manager.usual_manifests[0] in known
            ),
            (),
        ),
    )


def check_is_taken_in(edits: Sequence[Edit], graphs: Sequence[StepGraph]) -> None:
    """Raise UsageError where no build takes in any of the manifests: then a new dependency reruns nothing."""
    paths = [edit.path for edit in edits]
    if paths and not any(graph.invalidated_by(paths) for graph in graphs):
        raise UsageError(
            f"no build takes in {' or '.join(paths)}, so a new dependency is no scenario here",
            "give the folder whose dependencies are installed as CONTEXT, or choose others with --scenario",
        )


def _is_document(path: str) -> bool:
    name = path.lower().rsplit("/", 1)[-1]
    has_place = name.startswith("readme") or path.lower().startswith("docs/")
    return has_place and PurePosixPath(name).suffix in _DOCUMENTS

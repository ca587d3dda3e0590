"""What is changed in a candidate's copy of the context before a build, for each scenario."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath

from dockeropt.cache.graph import StepGraph
from dockeropt.errors import UsageError
from dockeropt.knowledge.package_managers import PACKAGE_MANAGERS
from dockeropt.measure.model import Scenario
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


def edits_of(scenario: Scenario, paths: Collection[str]) -> tuple[Edit, ...]:
    """Return the edits of a document or of the manifests, out of the files of the context.

    Raises UsageError where the context has no such file, naming the scenario to leave out.
    """
    if scenario is Scenario.DOCUMENT:
        document = document_of(paths)
        found = [] if document is None else [edit_of(document)]
        missing = "no document (README.md, or a file in docs/)"
    else:
        edits = (manifest_edit_of(path) for path in manifests_of(paths))
        found = [edit for edit in edits if edit is not None]
        missing = "no manifest of dependencies at the top (package.json, requirements.txt, go.mod, …)"
    if not found:
        raise UsageError(
            f"the context has {missing} to change for the scenario {scenario.value}",
            "choose others with --scenario",
        )
    return tuple(found)


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


def _is_document(path: str) -> bool:
    name = path.lower().rsplit("/", 1)[-1]
    has_place = name.startswith("readme") or path.lower().startswith("docs/")
    return has_place and PurePosixPath(name).suffix in _DOCUMENTS

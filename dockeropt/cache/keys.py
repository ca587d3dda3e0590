"""Merkle keys of steps: a key covers the step, its files and, unless it is linked, all it starts from."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from dockeropt.cache.selection import selections
from dockeropt.cache.snapshot import Snapshot
from dockeropt.cache.steps import Mode, Origin, Step
from dockeropt.syntax.instructions import Run

if TYPE_CHECKING:
    from dockeropt.cache.graph import StepGraph


def keys(graph: "StepGraph", snapshot: Snapshot, mode: Mode) -> tuple[bytes, ...]:
    """Return the key of every step, in their order.

    In Mode.SAME what comes from another stage counts as unchanged, in Mode.CHANGES it is new whenever a
    step of that stage is.
    """
    found: list[bytes] = []
    outputs: list[bytes] = []
    environments: dict[int, bytes] = {}
    for step in graph.steps:
        parts: list[object] = [step.text]
        if isinstance(step.view, Run):
            scope = step.environment
            if id(scope) not in environments:
                held = [(name, value.text) for name, value in scope.items() if value.text is not None]
                environments[id(scope)] = _digest([held])
            parts.append(environments[id(scope)])
        parts.append(_files(graph, step, snapshot, outputs, mode))
        below = None if step.parent is None else outputs[step.parent]
        if not step.is_linked:
            parts.append(below)
        key = _digest(parts)
        found.append(key)
        outputs.append(_digest([key, below]) if step.is_linked else key)
    return tuple(found)


def _files(
    graph: "StepGraph", step: Step, snapshot: Snapshot, outputs: list[bytes], mode: Mode
) -> list[object]:
    files: list[object] = []
    for source in step.sources:
        if source.origin is Origin.CONTEXT:
            files.append([snapshot.digest(selection) for selection in selections(source)])
        elif source.origin is Origin.STAGE:
            tip = None if source.stage is None else graph.tips.get(source.stage)
            if mode is Mode.CHANGES and tip is not None and tip < step.number:
                files.append((outputs[tip], source.patterns))
        else:
            files.append((source.image, source.patterns, source.exclude))
    return files


def _digest(parts: list[object]) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()

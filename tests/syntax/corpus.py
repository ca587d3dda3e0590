"""Every Dockerfile at hand: those of ``fixtures/``, and of the folder ``corpus/`` or ``DOCKEROPT_CORPUS``."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def corpus_files() -> Iterator[Path]:
    """Yield the files, those of the repository first."""
    for path in sorted((ROOT / "fixtures").rglob("*")):
        if "dockerfile" in path.name.lower() and path.is_file() and "node_modules" not in path.parts:
            yield path
    folder = Path(os.environ.get("DOCKEROPT_CORPUS", ROOT / "corpus"))
    yield from sorted(path for path in folder.rglob("*") if path.is_file())

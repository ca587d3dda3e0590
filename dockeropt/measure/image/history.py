"""The instructions of an image's history, as they stood in the Dockerfile."""

import re

from dockeropt.measure.image.blob import Blob
from dockeropt.measure.image.manifest import Configuration
from dockeropt.measure.image.model import Image, Layer

_DEFAULT_SHELL = re.compile(r"RUN (?:\|\d+ .*?)?/bin/sh -c ", re.DOTALL)
"""between them stand the number and the values of the arguments in scope"""


def assemble(name: str, configuration: Configuration, blobs: tuple[Blob, ...]) -> Image:
    """Return an image of its blobs, each with the instruction that made it.

    Where history and layers do not match, no layer has one.
    """
    made = [
        cleaned(str(each.get("created_by") or ""))
        for each in configuration.history
        if not each.get("empty_layer")
    ]
    instructions = made if len(made) == len(blobs) else [""] * len(blobs)
    ids = configuration.diff_ids
    ids = ids if len(ids) == len(blobs) else ("",) * len(blobs)
    return Image(
        name,
        configuration.platform,
        tuple(
            Layer(instruction, diff_id, blob.weight, blob.entries)
            for instruction, diff_id, blob in zip(instructions, ids, blobs, strict=True)
        ),
    )


def cleaned(created_by: str) -> str:
    """Return an instruction without the marks builders add to it in an image's history."""
    text = created_by.removesuffix(" # buildkit")
    if text.startswith("/bin/sh -c #(nop) "):
        return text.removeprefix("/bin/sh -c #(nop) ").strip()
    if text.startswith("/bin/sh -c "):
        return f"RUN {text.removeprefix('/bin/sh -c ')}"
    return _DEFAULT_SHELL.sub("RUN ", text, count=1)

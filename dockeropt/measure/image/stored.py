"""What was found in an image, as JSON: bytes, never formatted. ``layer`` numbers begin at 1, as in tables."""

from collections.abc import Mapping

from dockeropt.measure.image.contents import Contents, Place
from dockeropt.measure.image.model import Image
from dockeropt.measure.image.tree import Tree

VERSION = 1
"""raised when a reader of the old one would misread the new one"""

Json = Mapping[str, object]


def to_json(image: Image, tree: Tree, contents: Contents) -> Json:
    """Return an image as JSON values."""
    total = image.size
    return {
        "version": VERSION,
        "image": image.name,
        "platform": image.platform,
        "base": image.base,
        "unpacked_bytes": total.unpacked_bytes,
        "compressed_bytes": total.compressed_bytes,
        "compressed_by": total.compressed_by,
        "wasted_bytes": sum(tree.wasted),
        "layers": [
            {**size._asdict(), "diff_id": layer.diff_id, "wasted_bytes": wasted}
            for size, layer, wasted in zip(total.layers, image.layers, tree.wasted, strict=True)
        ],
        "file_bytes": contents.size,
        "files": contents.number,
        "largest_folders": [_place(each) for each in contents.folders],
        "largest_files": [_place(each) for each in contents.files],
        "duplicates": [
            {"paths": list(each.paths), "bytes": each.size, "wasted_bytes": each.wasted}
            for each in contents.duplicates
        ],
        "not_needed_to_run": [
            {"kind": each.kind.value, **_place(each.place), "remedy": each.remedy}
            for each in contents.left_over
        ],
    }


def _place(place: Place) -> Json:
    return {"path": place.path, "bytes": place.size, "layer": place.layer + 1}

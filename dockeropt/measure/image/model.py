"""An image as read: its layers with their bytes, instructions and entries."""

from dockeropt.measure.image.blob import Weight
from dockeropt.measure.image.tar import Entry
from dockeropt.measure.model import ImageSize
from dockeropt.measure.model import Layer as LayerSize
from dockeropt.records import NamedTuple


class Layer(NamedTuple):
    """A layer and what it adds, replaces and deletes."""

    instruction: str
    """as the image's history has it, without the builder's own marks; empty where it does not say"""
    diff_id: str
    """digest of the unpacked layer; empty where the configuration does not say"""
    weight: Weight
    entries: tuple[Entry, ...]


class Image(NamedTuple):
    """An image of one platform."""

    name: str
    """as the user named it"""
    platform: str
    """``linux/amd64``; empty where the configuration does not say"""
    layers: tuple[Layer, ...]
    """from the base up"""
    base: str = ""
    """the image it is FROM; empty where none is known"""
    base_layers: int = 0
    """how many layers, from the first on, came with it"""

    @property
    def size(self) -> ImageSize:
        """What it weighs."""
        return ImageSize(
            tuple(
                LayerSize(
                    layer.instruction,
                    layer.weight.compressed,
                    layer.weight.unpacked,
                    is_base=number < self.base_layers,
                )
                for number, layer in enumerate(self.layers)
            ),
            "engine" if all(layer.weight.was_compressed for layer in self.layers) else "dockeropt",
        )

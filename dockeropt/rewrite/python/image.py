"""On which image a Python app is built, and on which it runs."""

import re

from dockeropt.records import NamedTuple
from dockeropt.semantics.images import ImageReference
from dockeropt.syntax.instructions import From

_RELEASES = "bookworm|trixie|bullseye|buster|forky"


class PythonImage(NamedTuple):
    """The two images, as FROM names them."""

    build: str
    run: str
    version: str
    """``3.13``, empty where the tag does not say"""
    is_alpine: bool
    was_slim: bool
    """the old image is without compilers already"""
    has_uv: bool
    """the image to build on has uv in it"""
    was_pinned: bool
    """a digest of the old image that does not hold for the other"""

    def is_at_least(self, minor: int) -> bool:
        """Tell whether it is Python 3.``minor`` or newer; an image without a version is the newest."""
        found = re.match(r"3\.(\d+)", self.version)
        return int(found[1]) >= minor if found else not self.version.startswith("2")


def choose_images(start: From, image: ImageReference) -> PythonImage | None:
    """Return the images for an old FROM, None where it is no Python image."""
    raw = start.image.raw if start.image is not None else ""
    tag = image.tag or ""
    platform = f"--platform={start.platform.raw} " if start.platform is not None else ""
    if image.last_name == "uv" and "python" in tag:
        return _of_uv(raw, tag, platform, image)
    if image.last_name != "python" or "distroless" in str(image) or "$" in image.familiar_name:
        return None
    version = re.match(r"\d+(?:\.\d+)*", tag)
    is_alpine, is_slim = "alpine" in tag, "slim" in tag
    run = raw
    if not is_alpine and not is_slim:
        run = _slim(raw, tag, image)
    is_pinned = run != raw and image.digest is not None
    return PythonImage(
        platform + raw,
        platform + run,
        version[0] if version else "",
        is_alpine,
        is_alpine or is_slim,
        has_uv=False,
        was_pinned=is_pinned,
    )


def _slim(raw: str, tag: str, image: ImageReference) -> str:
    """Return a reference with the slim variant of its tag; a variable that is the version stays in it."""
    raw = raw.partition("@")[0]
    if ("$" in raw and not re.search(r":\$\{?\w+\}?(?:-[\w.]+)?$|:\w[\w.]*\$\{?\w+\}?$", raw)) or (
        "$" in raw and re.search(rf"-({_RELEASES})$", tag) and not re.search(rf"-({_RELEASES})$", raw)
    ):
        raw = f"{image.familiar_name}:{tag}"
    name = raw.rpartition("/")[2]
    if ":" not in name:
        return f"{raw}:slim"
    if re.search(r":latest$", raw):
        return re.sub(r":latest$", ":slim", raw)
    found = re.search(rf"-?({_RELEASES})$", raw)
    if found is not None:
        start = raw[: found.start()]
        return f"{start}{'' if start.endswith(':') else '-'}slim-{found[1]}"
    return f"{raw}-slim"


def _of_uv(raw: str, tag: str, platform: str, image: ImageReference) -> PythonImage | None:
    found = re.search(r"python(\d+\.\d+)(?:-(.*))?$", tag)
    if found is None or "$" in raw:
        return None
    flavour = found[2] or ""
    is_alpine = "alpine" in flavour
    release = re.search(_RELEASES, flavour)
    run = f"python:{found[1]}-alpine" if is_alpine else f"python:{found[1]}-slim"
    run += f"-{release[0]}" if release is not None and not is_alpine else ""
    return PythonImage(
        platform + raw,
        platform + run,
        found[1],
        is_alpine,
        was_slim=False,
        has_uv=True,
        was_pinned=image.digest is not None,
    )

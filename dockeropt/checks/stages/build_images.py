"""Whether a stage stands on an image that is made to build in."""

from dockeropt.knowledge.images import BUILD_IMAGES, BuildImage
from dockeropt.semantics.build import Stage
from dockeropt.semantics.images import ImageReference


def build_image_of(stage: Stage) -> BuildImage | None:
    """Return what is known of the build image a stage is FROM; None for a lean variant and for others."""
    image = stage.image
    if image is None:
        return None
    name, tag = image.familiar_name, (image.tag or "").lower()
    if "windows" in tag or "nanoserver" in tag:
        return None
    for known in BUILD_IMAGES:
        if any(_is_of(name, repository) for repository in known.repositories):
            is_lean = any(part in tag for part in known.lean_tags)
            is_fat = not known.fat_tags or any(part in tag for part in known.fat_tags)
            return known if is_fat and not is_lean else None
    return None


def instead_of(known: BuildImage, image: ImageReference) -> str:
    """Return what to run on in words, with the version of the image in hand."""
    version = (image.tag or "").partition("-")[0]
    digits = version[: len(version) - len(version.lstrip("0123456789"))]
    if not digits:
        version = digits = "VERSION"
    return known.instead.format(version=version, major=digits)


def _is_of(name: str, repository: str) -> bool:
    """Tell whether an image is of a repository, or a mirror of it: ``mirror.gcr.io/library/node``."""
    return name == repository or name.endswith(("/" if "/" in repository else "/library/") + repository)

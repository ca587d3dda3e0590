"""The images a Dockerfile takes from elsewhere, which are pulled before anything is timed."""

from collections.abc import Iterator, Mapping

from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import Engine, reason
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.images import parse_image
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from dockeropt.syntax.tree import Directive


def base_images(text: str, arguments: Mapping[str, str]) -> tuple[str, ...]:
    """Return the images the Dockerfile is FROM, each once; open variables leave one out."""
    dockerfile = parse(Source(text))
    build = resolve(dockerfile, arguments)
    needed = build.needed_stages()
    # The frontend that a syntax directive names is pulled and run by the builder before anything else.
    found = [node.value for node in dockerfile.nodes if isinstance(node, Directive) and node.name == "syntax"]
    for stage in build.stages:
        if stage.number in needed:
            found += [str(stage.image)] if stage.image is not None else []
            found += _copied_from(stage, build)
    return tuple(dict.fromkeys(found))


def _copied_from(stage: Stage, build: Build) -> Iterator[str]:
    """Yield the images a stage takes files from without being FROM them."""
    for each in stage.views:
        names: list[str] = []
        if isinstance(each, Copy) and each.source_stage is not None:
            names.append(each.source_stage.value)
        elif isinstance(each, Run):
            names += [mount.options["from"] for mount in each.mounts if "from" in mount.options]
        for name in names:
            image = parse_image(name) if build.stage_named(name) is None else None
            if image is not None:
                yield str(image)


def pull_missing(engine: Engine, images: tuple[str, ...]) -> tuple[str, ...]:
    """Pull the images the engine has not got and return them.

    Raises MeasureError naming the image that cannot be had.
    """
    pulled: list[str] = []
    for image in images:
        try:
            engine.client.images.get(image)
        except ImageNotFound:
            _pull(engine, image)
            pulled.append(image)
        except (DockerException, RequestException) as error:
            raise MeasureError(
                f"the engine cannot look for {image}: {reason(error)}", "try `docker info`"
            ) from error
    return tuple(pulled)


def _pull(engine: Engine, image: str) -> None:
    has_version = "@" in image or ":" in image.rpartition("/")[2]
    try:
        engine.client.images.pull(image if has_version else f"{image}:latest")
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the base image {image} cannot be pulled: {reason(error)}",
            f"look whether `docker pull {image}` works",
        ) from error

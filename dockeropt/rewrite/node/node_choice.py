"""Which version of Node (or Bun) the image is built on, and where that is known from."""

import re
from collections.abc import Iterable

from dockeropt.knowledge.node import (
    ACTIVE_LTS,
    DEFAULT,
    PREFERRED,
    is_end_of_life,
    major_of_codename,
    release_of,
)
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, StageIntent
from dockeropt.rewrite.node.project import Project, StatedVersion
from dockeropt.rewrite.node.versions import allows, lowest_major, major_of
from dockeropt.semantics.images import ImageReference


class NodeChoice(NamedTuple):
    """The version, as the tag will write it, and the image the old Dockerfile has it from."""

    version: str
    """``22`` or ``22.11.0``"""
    major: int
    repository: str
    """``node``, or the mirror the old Dockerfile uses"""
    image: ImageReference | None
    """the old image, where it is a Node image"""
    decisions: tuple[Decision, ...]


_FLOATING = frozenset(("latest", "current", "lts", "alpine", "slim", ""))
_SETUP = re.compile(r"setup_(\d+)\.x|\bnvm install v?(\d+)|\bn (\d+)\b|node_(\d+)\.x")


def choose_node(project: Project, intent: Intent | None) -> NodeChoice:
    """Return the Node version: the old image's, else what the project states, else the default."""
    image = _node_image(intent)
    repository = "node" if image is None else _repository(image)
    if image is not None:
        version = _tag_version(image.tag or "")
        if version is not None:
            major = major_of(version) or DEFAULT
            return NodeChoice(version, major, repository, image, _from_image(project, image, version, major))
    setup = _setup_version(intent)
    if setup is not None:
        decision = Decision("node", f"version {setup}", "the old Dockerfile installs it with a script")
        return NodeChoice(str(setup), setup, repository, image, (decision,))
    stated = _first_stated(project.node_versions)
    if stated is not None:
        place, text, major = stated
        reason = f"{place} says {text}; the tag follows its patch releases"
        return _chosen(major, repository, image, reason)
    if image is not None:
        reason = f"{image} follows the active long-term release, which is {ACTIVE_LTS} now"
        return _chosen(ACTIVE_LTS, repository, image, reason)
    end = release_of(DEFAULT).end_of_life
    reason = f"nothing in the project states a version; {DEFAULT} is supported until {end}"
    return _chosen(DEFAULT, repository, image, reason)


def _chosen(major: int, repository: str, image: ImageReference | None, reason: str) -> NodeChoice:
    decisions = (Decision("node", f"version {major}", reason), *_end_of_life(major))
    return NodeChoice(str(major), major, repository, image, decisions)


def _end_of_life(major: int) -> Iterable[Decision]:
    if is_end_of_life(major):
        end = release_of(major).end_of_life
        yield Decision(
            "node",
            f"version {major} gets no security fixes since {end}",
            "a rewrite never raises a major version; raise it yourself when the app is ready",
            is_notice=True,
        )


def _from_image(project: Project, image: ImageReference, version: str, major: int) -> tuple[Decision, ...]:
    decisions = [
        Decision("node", f"version {version}", f"the old Dockerfile says {image}"),
        *_end_of_life(major),
    ]
    for stated in project.node_versions:
        if (
            stated.place.startswith("engines")
            and lowest_major(stated.text)
            and not allows(stated.text, major)
        ):
            decisions.append(
                Decision(
                    "node",
                    f"version {major} stays, although {stated.place} asks for {stated.text}",
                    "a rewrite never changes a major version",
                    is_notice=True,
                )
            )
            break
    return tuple(decisions)


def _node_image(intent: Intent | None) -> ImageReference | None:
    """Return the Node image of the stage that builds, else that of the last stage."""
    stages: tuple[StageIntent, ...] = () if intent is None else (intent.build, intent.final)
    for stage in stages:
        if stage.image is not None and stage.image.last_name == "node":
            return stage.image
    return None


def _repository(image: ImageReference) -> str:
    return image.familiar_name


def _tag_version(tag: str) -> str | None:
    """Return the version a tag pins, None for one that floats over majors."""
    first = tag.partition("-")[0]
    number = re.fullmatch(r"v?(\d+(?:\.\d+){0,2})", first)
    if number is not None:
        return number[1]
    major = major_of_codename(first)
    if major is not None:
        return str(major)
    return None


def _setup_version(intent: Intent | None) -> int | None:
    for run in () if intent is None else intent.build.runs:
        found = _SETUP.search(run.text)
        if found is not None:
            return int(next(group for group in found.groups() if group))
    return None


def _first_stated(versions: Iterable[StatedVersion]) -> tuple[str, str, int] | None:
    for place, text in versions:
        plain = text.lower().removeprefix("v")
        if plain.startswith("lts/"):
            name = plain.removeprefix("lts/")
            major = ACTIVE_LTS if name in ("*", "") else major_of_codename(name)
        elif plain in ("node", "latest", "current", "stable", "lts"):
            major = ACTIVE_LTS
        else:
            major = next((each for each in PREFERRED if allows(plain, each)), lowest_major(plain))
        if major is not None:
            return place, text, major
    return None

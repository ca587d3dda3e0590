"""Maven: dependencies fetched first."""

from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.rewrite.toolchains.java import (
    BUILDERS,
    IMAGES,
    WHY,
    goals_of,
    java_version,
    shape_of,
    take_out,
)
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape, Toolchain
from dockeropt.rewrite.toolchains.stack import stack_of


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a project built by Maven."""
    program = "./mvnw" if folder.has("mvnw") else "mvn"
    image = old.image if BUILDERS.search(old.image) else ""
    version = java_version(old, folder.read("pom.xml"))
    if not image or (program == "mvn" and "maven" not in image):
        image = f"maven:3-eclipse-temurin-{version}" if program == "mvn" else f"eclipse-temurin:{version}-jdk"
    goals = goals_of(old, ("mvn", "mvnw"), "package -DskipTests")
    copies = [CopyStep(tuple(n for n in ("pom.xml", "mvnw", "mvnw.cmd") if folder.has(n)), "./")]
    copies += [CopyStep((".mvn",), ".mvn")] if folder.has_folder(".mvn") else []
    copies += [
        CopyStep((path,), f"{path.rpartition('/')[0]}/") for path in folder.files if path.endswith("/pom.xml")
    ]
    cache = (cache_mount("/root/.m2"),)
    fetch = RunStep((), cache, (f"{program} --batch-mode dependency:go-offline",))
    build = (f"{program} --batch-mode {goals}", take_out("target"))
    return shape_of(old, image, version, tuple(copies), fetch, RunStep(WHY, cache, build), "target")


def evidence(folder: Folder) -> str:
    """Return Maven's file."""
    return "pom.xml" if folder.has("pom.xml") else ""


STACK = stack_of(
    Toolchain(
        "maven",
        "a Java project of Maven's",
        evidence,
        IMAGES,
        frozenset(("mvn", "mvnw")),
        plan,
        made=("**/target",),
    )
)

"""Gradle: dependencies fetched first."""

import re

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

_FILES = (
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "gradle.properties",
    "gradlew",
)


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a project built by Gradle."""
    program = "./gradlew" if folder.has("gradlew") else "gradle"
    text = folder.read("build.gradle") + folder.read("build.gradle.kts")
    version = java_version(old, text)
    image = old.image if BUILDERS.search(old.image) else ""
    if not image or (program == "gradle" and "gradle" not in image):
        image = f"gradle:jdk{version}" if program == "gradle" else f"eclipse-temurin:{version}-jdk"
    is_spring = "org.springframework.boot" in text
    tasks = goals_of(old, ("gradle", "gradlew"), "bootJar" if is_spring else "assemble")
    copies = [CopyStep(tuple(name for name in _FILES if folder.has(name)), "./")]
    copies += [CopyStep(("gradle",), "gradle")] if folder.has_folder("gradle") else []
    copies += [
        CopyStep((path,), f"{path.rpartition('/')[0]}/")
        for path in folder.files
        if re.search(r"/build\.gradle(?:\.kts)?$", path)
    ]
    cache = (cache_mount("/root/.gradle"),)
    before = "export GRADLE_USER_HOME=/root/.gradle"
    fetch = RunStep((), cache, (before, f"{program} --no-daemon dependencies"))
    build = (before, f"{program} --no-daemon {tasks}", take_out("build/libs"))
    return shape_of(old, image, version, tuple(copies), fetch, RunStep(WHY, cache, build), "build/libs")


def evidence(folder: Folder) -> str:
    """Return Gradle's file."""
    return next((name for name in ("build.gradle", "build.gradle.kts") if folder.has(name)), "")


STACK = stack_of(
    Toolchain(
        "gradle",
        "a Java project of Gradle's",
        evidence,
        IMAGES,
        frozenset(("gradle", "gradlew")),
        plan,
        made=("**/build", "**/.gradle"),
    )
)

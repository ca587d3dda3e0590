"""Java: what Maven and Gradle share: the archive on an image with a runtime alone."""

import json
import re
from posixpath import normpath

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.steps import CopyStep, RunStep
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape

_NEWEST = "21"
IMAGES = ("maven", "gradle", "eclipse-temurin", "openjdk", "amazoncorretto", "java")
BUILDERS = re.compile(r"maven|gradle|jdk|temurin|openjdk|corretto")
WHY = ("The archive that runs, under one name whatever its version",)


def take_out(folder: str) -> str:
    """Return the command that gives the archive a name: not the sources', not the one without libraries."""
    left_out = r"-(plain|sources|javadoc|tests)\.jar$|original-"
    return f"cp \"$(ls {folder}/*.jar | grep -vE -- '{left_out}' | head -n 1)\" /app.jar"


def shape_of(
    old: OldFile,
    image: str,
    version: str,
    copies: tuple[CopyStep, ...],
    fetch: RunStep,
    build: RunStep,
    folder: str,
) -> Shape:
    workdir = old.workdir or "/app"
    is_alpine = old.is_alpine
    options = tuple(
        word for word in old.words[1:] if word.startswith(("-D", "-X", "--add-opens", "--enable-preview"))
    )
    after = old.words[old.words.index("-jar") + 2 :] if "-jar" in old.words[:-1] else ()
    command = ("java", *options, "-jar", f"{normpath(workdir)}/app.jar", *after)
    has_variables = "$" in f"{old.entrypoint} {old.command}"
    if has_variables:
        text = next((w for w in (old.entrypoint, old.command) if "$" in w), "")
        if "-jar" not in text or not text.startswith('["sh", "-c"'):
            raise ValueError("what starts the app names variables that another command would lose")
        moved = re.sub(r"-jar\s+\S+?\.jar", f"-jar {normpath(workdir)}/app.jar", text)
        command = tuple(json.loads(moved))
    return Shape(
        image,
        f"eclipse-temurin:{version}-jre{'-alpine' if is_alpine else ''}",
        (*_pipefail(is_alpine), *old.build_arguments),
        copies,
        fetch,
        build,
        (CopyStep(("/app.jar",), "./app.jar", "build"),),
        (),
        has_shell=True,
        user="",
        command=command,
        replaces_start=not old.words
        or old.words[0].rpartition("/")[2] in ("java", "mvn", "mvnw", "gradle", "gradlew")
        or has_variables,
        decisions=(
            Decision("archive", f"{normpath(workdir)}/app.jar", f"the one of {folder} that runs"),
            Decision(
                "runtime", f"Java {version}, without a compiler", "the app needs the virtual machine alone"
            ),
        ),
    )


def _pipefail(is_alpine: bool) -> tuple[str, ...]:
    shell = '["/bin/ash", "-eo", "pipefail", "-c"]' if is_alpine else '["/bin/bash", "-o", "pipefail", "-c"]'
    return (f"SHELL {shell}",)


def java_version(old: OldFile, text: str) -> str:
    """Return the major of Java: the old image's, else the one the build is set up for."""
    tag = re.search(
        r"(?:temurin|jdk|openjdk|corretto|java)[-:]?(\d+)|^(\d+)(?=[-.]|$)", old.image.rpartition("/")[2]
    )
    if tag is not None and (tag[1] or tag[2]) and "maven:" not in tag[0]:
        return tag[1] or tag[2]
    stated = re.search(
        r"<(?:java\.version|maven\.compiler\.(?:release|source|target)|release)>(?:1\.)?(\d+)"
        r"|languageVersion\D*(\d+)|sourceCompatibility\D*?(?:1[._])?(\d+)",
        text,
    )
    return next((each for each in stated.groups() if each), _NEWEST) if stated else _NEWEST


def goals_of(old: OldFile, programs: tuple[str, ...], default: str) -> str:
    """Return what the old file asks the build tool for, the last time it builds."""
    for part in reversed(old.builds(*programs)):
        for command in part.commands:
            words = [word.raw for word in command.words]
            text = " ".join(w for w in words if w not in ("-B", "--batch-mode", "--no-daemon", "clean", "-q"))
            if text and not re.search(r"go-offline|dependencies$|resolve|--version|wrapper|^install$", text):
                return text
    return default

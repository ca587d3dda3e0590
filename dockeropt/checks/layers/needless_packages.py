"""DO2008, DO2009: packages that a container makes no use of, or has already."""

import re
from collections.abc import Iterator

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.system_managers import SYSTEM_MANAGERS
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Word

_PROGRAMS = tuple(program for manager in SYSTEM_MANAGERS for program in manager.programs)
_INSTALLING = ("add", "in", "install")
_OF_HOST = (
    r"nvidia-(?:docker\d?|container-(?:toolkit|runtime)(?:-base)?|driver(?:-.*)?|dkms(?:-.*)?|kernel-.*)"
    r"|linux-image(?:-.*)?|kmod-nvidia.*"
)
"""what runs or extends the kernel, or the engine that starts containers"""
_TOOLKIT = (
    r"(?:nvidia-)?cuda-toolkit(?:-.*)?|cuda(?:-\d+-\d+)?"
    r"|cuda-(?:libraries|runtime|compiler|nvcc)(?:-dev)?(?:-\d+-\d+)?"
)
"""the packages that make up NVIDIA's own images of the kind devel"""
_ENGINES = ("docker", "moby-engine", "containerd", "podman")
"""packages with which an image starts containers of its own"""
_DOCKER_IN_DOCKER = ("docker", "dind", "kind", "minikube", "containerd")


def check_host(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each package in the image that only the host can use."""
    packages = list(_packages(build))
    has_engine = any(_name(word).startswith(_ENGINES) for _invocation, word in packages)
    for invocation, word in packages if not has_engine else ():
        image = build.root_image(invocation.stage)
        is_engine = image is not None and any(name in str(image) for name in _DOCKER_IN_DOCKER)
        if re.fullmatch(_OF_HOST, _name(word)) and not is_engine:
            yield Finding(
                word.span,
                f"`{word.value}` is of use on the host alone, whose kernel a container has; remove it",
            )


def check_toolkit(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each package of CUDA that the base image is made of."""
    for invocation, word in _packages(build):
        image = build.root_image(invocation.stage)
        if image is None or image.repository.rpartition("/")[2] != "cuda" or "devel" not in (image.tag or ""):
            continue
        if re.fullmatch(_TOOLKIT, _name(word)):
            yield Finding(
                word.span,
                f"`{image}` has CUDA already, and `{word.value}` adds gigabytes of the same; leave it out",
            )


def _packages(build: Build) -> Iterator[tuple[Invocation, Word]]:
    """Yield each system package that is installed into the image."""
    shipped = {stage.number for stage in shipped_stages(build)}
    for invocation in invocations_of(_PROGRAMS, build):
        operands = invocation.command.operands()
        if invocation.stage.number in shipped and operands and operands[0].value in _INSTALLING:
            for word in operands[1:]:
                yield invocation, word


def _name(word: Word) -> str:
    return word.value.partition("=")[0]


RULES = (
    Rule(
        "DO2008",
        "host-package",
        Severity.WARNING,
        Build,
        check_host,
        aliases=("no-container-runtime-in-image",),
    ),
    Rule(
        "DO2009",
        "cuda-twice",
        Severity.WARNING,
        Build,
        check_toolkit,
        aliases=("no-redundant-cuda-install",),
    ),
)

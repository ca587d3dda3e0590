"""Which shell ShellCheck takes a script for."""

import pytest

from dockeropt.knowledge.default_shells import Sh, default_shell
from dockeropt.lint.linter import read_build
from dockeropt.shellcheck.scripts import given_scripts
from dockeropt.syntax.source import Source


def first_line(text: str) -> str:
    (given,) = given_scripts(read_build(Source(text)))
    return given.header.partition("\n")[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("FROM nobody/knows", "#!/bin/sh"),
        ("ARG I\nFROM $I", "#!/bin/sh"),
        ("FROM scratch", "#!/bin/sh"),
        ("FROM debian:12", "#!/bin/dash"),
        ("FROM docker.io/library/node:22", "#!/bin/dash"),
        ("FROM node:22-alpine3.22", "#!/bin/busybox sh"),
        ("FROM debian AS a\nFROM a AS b\nFROM b", "#!/bin/dash"),
        ("FROM fedora:42", "#!/bin/bash"),
        ('FROM debian\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]', "#!/bin/bash"),
        ('FROM debian AS a\nSHELL ["bash", "-c"]\nFROM a', "#!/bin/bash"),
        ('FROM debian\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]', "#!/bin/busybox sh -e"),
        ('FROM fedora\nSHELL ["/bin/sh", "-ec"]', "#!/bin/bash -e"),
        ('FROM debian\nSHELL ["/bin/bash", "-o", "errexit", "-c"]', "#!/bin/bash -e"),
        ('FROM debian\nSHELL ["/usr/bin/env", "bash", "-c"]', "#!/bin/bash"),
        ('FROM debian\nSHELL ["/bin/ksh", "-c"]', "#!/bin/ksh"),
        ("FROM debian\n# hadolint shell=bash", "#!/bin/bash"),
    ],
)
def test_the_shell_is_that_of_shell_or_of_the_base_image(text: str, line: str) -> None:
    assert first_line(f"{text}\nRUN ls $x\n") == line


@pytest.mark.parametrize(
    ("start", "line"),
    [("#!/usr/bin/env bash", "#!/bin/bash"), ("#!/bin/sh -e", "#!/bin/dash -e"), ("ls", "#!/bin/dash")],
)
def test_the_first_line_of_a_heredoc_decides(start: str, line: str) -> None:
    assert first_line(f"FROM debian\nRUN <<E\n{start}\nls $x\nE\n") == line


@pytest.mark.parametrize(
    ("name", "tag", "shell"),
    [
        ("python", "3.13-slim-bookworm", Sh.DASH),
        ("python", "3.13-alpine", Sh.BUSYBOX),
        ("azul/zulu-openjdk-alpine", "21", Sh.BUSYBOX),
        ("registry.access.redhat.com/ubi9/ubi-minimal", "9.5", Sh.BASH),
        ("nvidia/cuda", "12.4.1-devel-ubuntu22.04", Sh.DASH),
        ("nvidia/cuda", "12.4.1-devel-rockylinux9", Sh.BASH),
        ("mcr.microsoft.com/dotnet/sdk", "9.0", Sh.DASH),
        ("mcr.microsoft.com/dotnet/sdk", "9.0-azurelinux3.0", Sh.BASH),
        ("mycompany/debian", None, Sh.SH),
        ("mycompany/base", "latest", Sh.SH),
    ],
)
def test_bin_sh_of_an_image(name: str, tag: str | None, shell: Sh) -> None:
    assert default_shell(name, tag) is shell

"""Which language a script is in."""

import pytest

from dockeropt.shell.dialect import dialect_of, is_windows
from dockeropt.shell.script import Dialect

SHELLS = {
    "bash": (("/bin/bash", "-o", "pipefail", "-c"), Dialect.POSIX),
    "ash": (("/bin/ash", "-eo", "pipefail", "-c"), Dialect.POSIX),
    "sh": (("sh", "-c"), Dialect.POSIX),
    "bash through env": (("/usr/bin/env", "bash", "-c"), Dialect.POSIX),
    "bash in conda": (("conda", "run", "-n", "x", "/bin/bash", "-c"), Dialect.POSIX),
    "bash of a folder of Windows": (("C:\\\\Git\\\\bin\\\\bash.exe", "-c"), Dialect.POSIX),
    "powershell": (("powershell", "-Command", "$ErrorActionPreference = 'Stop';"), Dialect.POWERSHELL),
    "powershell by its file": (("C:\\Windows\\PowerShell.EXE", "-Command"), Dialect.POWERSHELL),
    "pwsh": (("pwsh", "-Command"), Dialect.POWERSHELL),
    "cmd": (("cmd", "/S", "/C"), Dialect.CMD),
    "python": (("python3", "-c"), Dialect.OTHER),
    "env without a shell": (("env", "A=1"), Dialect.OTHER),
    "no arguments": ((), Dialect.POSIX),
}


@pytest.mark.parametrize(("shell", "expected"), SHELLS.values(), ids=SHELLS.keys())
def test_shell_decides(shell: tuple[str, ...], expected: Dialect) -> None:
    assert expected is dialect_of(shell, "debian")


IMAGES = {
    "debian": ("debian:12", False),
    "a windows server": ("mcr.microsoft.com/windows/servercore:ltsc2022", True),
    "a nanoserver": ("mcr.microsoft.com/windows/nanoserver", True),
    "the old names": ("microsoft/windowsservercore", True),
    "the old nanoserver": ("microsoft/nanoserver:10.0.14393.953", True),
    "windows itself": ("mcr.microsoft.com/windows:20H2", True),
    ".NET framework": ("mcr.microsoft.com/dotnet/framework/aspnet:4.8", True),
    ".NET": ("mcr.microsoft.com/dotnet/sdk:8.0", False),
    ".NET on nanoserver": ("mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-ltsc2022", True),
    "a tag": ("golang:1.22-windowsservercore-ltsc2022", True),
    "a short tag": ("python:3.12-windows", True),
    "a registry with a port": ("example.com:5000/windows-tools/linux", False),
    "a digest": ("debian@sha256:0123456789", False),
    "upper case": ("MCR.microsoft.com/Windows/ServerCore:1809", True),
    "nothing": ("", False),
    "a variable": ("$BASE", False),
}


@pytest.mark.parametrize(("image", "expected"), IMAGES.values(), ids=IMAGES.keys())
def test_an_image_on_windows_has_cmd(image: str, expected: bool) -> None:
    assert expected is is_windows(image)
    assert (Dialect.CMD if expected else Dialect.POSIX) is dialect_of(None, image)


def test_a_tag_may_come_apart() -> None:
    assert is_windows("golang", "1.22-nanoserver")
    assert not is_windows("golang", "1.22-alpine")


SHEBANGS = {
    "bash": ("#!/bin/bash\nset -e", Dialect.POSIX),
    "python through env": ("#!/usr/bin/env python3\nprint()", Dialect.OTHER),
    "python": ("#! /usr/local/bin/python -u\n", Dialect.OTHER),
    "bash through env with options": ("#!/usr/bin/env -S bash -eu\n", Dialect.POSIX),
    "powershell": ("#!/usr/bin/pwsh\n", Dialect.POWERSHELL),
    "nothing named": ("#!\n", Dialect.POSIX),
    "none": ("set -e\n", Dialect.POSIX),
    "one that is not the first line": ("\n#!/usr/bin/python", Dialect.POSIX),
}


@pytest.mark.parametrize(("script", "expected"), SHEBANGS.values(), ids=SHEBANGS.keys())
def test_a_heredocs_first_line_decides_before_shell(script: str, expected: Dialect) -> None:
    assert expected is dialect_of(("/bin/sh", "-c"), "debian", script)

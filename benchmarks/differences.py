"""The differences from hadolint that the rule pages document, each with a way to tell it by the Dockerfile.

A difference is a sentence of the section "Differences from hadolint" of its rules' pages, which of the two
reports, and a predicate over the instruction and the build it stands in. Files and lines are never named:
what explains a place here explains it in every Dockerfile. tests/benchmarks holds the table to its word: the
sentence stands on each page, and in each example the two differ as it says, hadolint itself being run.

A predicate that is too wide would explain anything. So the benchmark also counts the places where a
predicate holds although both report the code: there it explains nothing.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.site import Site

OURS, THEIRS = "ours", "theirs"


class Difference(NamedTuple):
    """What only one of the two reports under these codes, and why."""

    codes: tuple[str, ...]
    who: str
    """the one that reports: ``OURS`` or ``THEIRS``"""
    sentence: str
    """words of the page, without the line breaks"""
    explains: Callable[[Site], bool]
    example: str
    """a Dockerfile in which the two differ so under each of the codes"""


def explanation(code: str, who: str, site: Site) -> Difference | None:
    """Return the documented difference that explains why only one of the two reports a code here."""
    for difference in DIFFERENCES:
        if code in difference.codes and who == difference.who and difference.explains(site):
            return difference
    return None


def _has(pattern: str) -> Callable[[Site], bool]:
    """Return the predicate that an instruction's text has something in it."""
    expression = re.compile(pattern, re.DOTALL)
    return lambda site: expression.search(site.text) is not None


def _is_left_behind(site: Site) -> bool:
    return not site.is_shipped


def _keeps_after_update(site: Site) -> bool:
    """Tell whether something is removed, but not the package lists behind their last update."""
    updates = list(re.finditer(r"\b(?:apt-get|apt|aptitude)\b[^;&|]*?\bupdate\b", site.text))
    return bool(updates) and "rm " in site.text and "/apt/lists" not in site.text[updates[-1].end() :]


def _keeps_downloads(site: Site) -> bool:
    """Tell whether something is removed, but not what yum or dnf downloads."""
    cleans = r"/var/cache|\b(?:yum|dnf|microdnf)\b[^;&|]*\bclean\b"
    return "rm -" in site.text and re.search(cleans, site.text) is None


def _is_known_user(site: Site) -> bool:
    name = re.sub(r"^USER\s+|[\s:].*$", "", site.text)
    return bool(name) and (name == "nonroot" or site.image_name.startswith(name))


def _runs_variable(site: Site) -> bool:
    """Tell whether one of several commands is named through a variable."""
    several = re.search(r"&&|;", site.text) is not None
    return several and re.search(r"(?:^RUN|&&|;)\s*\$\{?\w", site.text) is not None


def _has_no_from(site: Site) -> bool:
    return not site.build.stages


_MANAGERS = r"(?:apt-get|apt|apk|dnf|microdnf|yum|zypper|pip[\d.]*|python[\d.]*|npm|yarn|gem|go|wget)\b"
_START = r"(?:^RUN(?:\s+--\S+)*|[;&|({\n]|\b(?:then|do|else)\b)\s*(?:\w+=\S*\s+)*"
_SHELL = r"\b(?:ba|da|a|z)?sh\s+-\w*c\s"
_WRAPPED = rf"{_START}(?:sudo|env|xargs|conda run)\b[^;&|]*?[\s/]{_MANAGERS}|{_SHELL}.*{_MANAGERS}"
_REMOVERS = r"\bfind\s[^;&|]*/var/lib/apt/lists.*?-(?:delete|exec)|\bapt-get dist-?clean\b"

DIFFERENCES = (
    Difference(
        ("DL1000",),
        OURS,
        "A file without `FROM` is refused",
        _has_no_from,
        "ENV NAME=value\n",
    ),
    Difference(
        ("DL3000",),
        OURS,
        "A variable is replaced by its value",
        _has(r"^WORKDIR\s+\$"),
        "FROM debian:12\nARG TOOL=tool\nWORKDIR $TOOL/src\n",
    ),
    Difference(
        ("DL3002",),
        THEIRS,
        "Only the image that comes out is judged",
        _is_left_behind,
        "FROM debian:12 AS build\nUSER root\nFROM debian:12\nUSER 1000\n",
    ),
    Difference(
        ("DL3006",),
        OURS,
        "A variable with a default is replaced",
        _has(r"^FROM\s+(?:--platform=\S+\s+)?\S*\$"),
        "ARG BASE=node\nFROM $BASE\n",
    ),
    Difference(
        ("DL3009", "DL3019", "DL3040", "DL3042"),
        THEIRS,
        "Only the stages that end up in the image count",
        _is_left_behind,
        "FROM debian:12 AS base\n"
        "RUN apt-get update\nRUN apk add git=2\nRUN dnf install -y git-2\nRUN pip install flask==3\n"
        "FROM base AS build\nFROM debian:12\n",
    ),
    Difference(
        ("DL3009",),
        THEIRS,
        "`find /var/lib/apt/lists -delete`, `apt-get distclean`",
        _has(_REMOVERS),
        "FROM debian:12\nRUN apt-get update && find /var/lib/apt/lists -type f -delete\n",
    ),
    Difference(
        ("DL3009",),
        OURS,
        "A removal before the last `update` does not, nor does that of another folder",
        _keeps_after_update,
        "FROM debian:12\nRUN apt-get update && rm -rf /tmp/build\n",
    ),
    Difference(
        ("DL3008", "DL3009", "DL3014", "DL3015", "DL3018", "DL3027", "DL3040", "DL3041"),
        OURS,
        "sees through `sudo`",
        _has(_WRAPPED),
        "FROM debian:12\n"
        "RUN sudo apt-get update\nRUN sudo apt-get install git\nRUN sudo apk add git\nRUN sudo apt list\n"
        "RUN sudo dnf install -y git\n",
    ),
    Difference(
        ("DL3013", "DL3042"),
        OURS,
        "sees through `sudo`",
        _has(_WRAPPED),
        "FROM debian:12\nRUN sudo pip install flask\n",
    ),
    Difference(
        ("DL3013", "DL3042"),
        OURS,
        "pip in a virtual environment (`/venv/bin/pip`)",
        _has(r"/pip[\d.]*\"?\s"),
        "FROM debian:12\nRUN /venv/bin/pip install flask\n",
    ),
    Difference(
        ("DL3013",),
        OURS,
        "Options before `install` do not hide it",
        _has(r"\bpython[\d.]*\s+-m\s+pip\s+-"),
        "FROM debian:12\nRUN python -m pip --no-cache-dir install flask\n",
    ),
    Difference(
        ("DL3014",),
        OURS,
        "The commands beside `install` that ask are read too",
        _has(r"\bapt-get\b[^;&|]*\b(?:upgrade|dist-upgrade|remove|purge|autoremove|build-dep)\b"),
        "FROM debian:12\nRUN apt-get upgrade\n",
    ),
    Difference(
        ("DL3016",),
        OURS,
        "`npm i` and `npm add` are `npm install`",
        _has(r"\bnpm\s(?:[^;&|]*\s)?(?:i|add)\s"),
        "FROM node:24\nRUN npm i -g serve\n",
    ),
    Difference(
        ("DL3016",),
        THEIRS,
        "replaces variables whose value is known",
        _has(r"\bnpm\s+install\s[^;&|]*\$\{?\w+\}?/"),
        "FROM node:24\nENV ROOT=/src\nRUN npm install ${ROOT}/tool\n",
    ),
    Difference(
        ("DL3018",),
        THEIRS,
        "The first word behind `apk` is its command",
        _has(r"\bapk\s+update\s+apk\s+add\b"),
        "FROM alpine:3\nRUN apk update apk add git\n",
    ),
    Difference(
        ("DL3020",),
        THEIRS,
        "`ADD` with several sources is left alone when one of them needs `ADD`",
        _has(r"^ADD\b.*(?:https?|git|ssh)://|^ADD\b.*\.(?:tar|t?[gx]z)\b"),
        'FROM debian:12\nADD ["a.sh", "https://example.com/b.sh", "/tools/"]\n',
    ),
    Difference(
        ("DL3025",),
        THEIRS,
        "`HEALTHCHECK CMD` in shell form is no fault",
        _has(r"^HEALTHCHECK\b"),
        "FROM debian:12\nHEALTHCHECK CMD curl -f http://localhost || exit 1\n",
    ),
    Difference(
        ("DL3025",),
        THEIRS,
        "A line that begins with `exec` gets the signal",
        _has(r"^(?:CMD|ENTRYPOINT)\s+exec\s"),
        "FROM debian:12\nCMD exec serve $PORT\n",
    ),
    Difference(
        ("DL3028",),
        THEIRS,
        "A file (`tool-1.0.gem`, `pkg/*.gem`) has its version in it",
        _has(r"\bgem\s+install\s[^;&|]*\.gem\b"),
        "FROM ruby:3\nRUN gem install pkg/*.gem\n",
    ),
    Difference(
        ("DL3032", "DL3040"),
        OURS,
        "An `rm` of another folder, such as `/tmp/*`, does not count",
        _keeps_downloads,
        "FROM rockylinux:8\n"
        "RUN yum install -y git-2 && rm -rf /tmp/*\nRUN dnf install -y git-2 && rm -rf /tmp/*\n",
    ),
    Difference(
        ("DL3032", "DL3040"),
        OURS,
        "`update`, `upgrade`, `groupinstall`, `localinstall` and `makecache` download too",
        _has(r"\b(?:yum|dnf)\b[^;&|]*\b(?:update|upgrade|groupinstall|localinstall|makecache)\b"),
        "FROM rockylinux:8\nRUN yum update -y\nRUN dnf update -y\n",
    ),
    Difference(
        ("DL3041",),
        OURS,
        "`dnf5` and `tdnf` (Azure Linux) are read too",
        _has(r"\b(?:tdnf|dnf5)\b"),
        "FROM azurelinux:3\nRUN tdnf install -y tar && tdnf clean all\n",
    ),
    Difference(
        ("DL3041",),
        THEIRS,
        "A version may end in `*`",
        _has(r"\bdnf\b[^;&|]*-\d[\w.]*\*"),
        "FROM fedora:42\nRUN dnf install -y git-2.43* && dnf clean all\n",
    ),
    Difference(
        ("DL3042",),
        OURS,
        "It also reads `uv pip install`",
        _has(r"\buv\s+pip\s+install\b"),
        "FROM debian:12\nRUN uv pip install flask==3\n",
    ),
    Difference(
        ("DL3042",),
        THEIRS,
        "pip takes `--no-cache` for `--no-cache-dir`",
        _has(r"\s--no-cache(?=\s|$)"),
        "FROM debian:12\nRUN pip install --no-cache flask==3\n",
    ),
    Difference(
        ("DL3046",),
        THEIRS,
        "hadolint takes one of six letters for a high number",
        _has(r"\buseradd\b[^;&|]*\s(?:-u|--uid)[\s=]\"?\$"),
        'FROM debian:12\nRUN useradd -u "$USER_ID" user\n',
    ),
    Difference(
        ("DL3047",),
        OURS,
        '`sudo wget`, `sh -c "wget …"` and `/usr/bin/wget` are seen',
        _has(_WRAPPED),
        'FROM debian:12\nRUN bash -c "wget https://example.com"\n',
    ),
    Difference(
        ("DL3047",),
        THEIRS,
        "a wget whose messages are sent elsewhere by `2>` print no bar",
        _has(r"\bwget\b[^;&|]*2>"),
        "FROM debian:12\nRUN wget -O file https://example.com 2>/dev/null\n",
    ),
    Difference(
        ("DL3059",),
        OURS,
        'A script of its own, as in `bash -c "…"`, counts as one command',
        _has(rf"^RUN\s+{_SHELL}"),
        'FROM debian:12\nRUN a\nRUN bash -c "echo $(a | b)"\n',
    ),
    Difference(
        ("DL3059",),
        THEIRS,
        "Scripts for PowerShell and cmd are not taken apart",
        lambda site: site.is_windows and re.search(r"[;&|\n]", site.text) is not None,
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n"
        'RUN echo a\nRUN powershell -Command "$a = 1; Write-Host $a"\n',
    ),
    Difference(
        ("DL3059",),
        THEIRS,
        "A command named through a variable, such as `$HOME/bin/tool`, counts as a command",
        _runs_variable,
        "FROM debian:12\nRUN a\nRUN b && $HOME/bin/tool\n",
    ),
    Difference(
        ("DL3060",),
        OURS,
        "`yarn` alone, `yarn add` and `yarn global add` keep their downloads too",
        _has(r"\byarn\b(?:\s+(?:global\s+)?add\b|\s*(?:$|[;&|]))"),
        "FROM node:24\nRUN yarn\n",
    ),
    Difference(
        ("DL3062",),
        THEIRS,
        "The value of an option (`-tags net_go`)",
        _has(r"\bgo\s+(?:install|get|build|run)\b[^;&|]*\s-(?:tags|ldflags|gcflags|mod)\s"),
        'FROM golang:1\nRUN go install -tags "netgo osusergo" .\n',
    ),
    Difference(
        ("DL3062",),
        THEIRS,
        "a file of `go run`",
        _has(r"\bgo\s+run\s[^;&|]*\.go\b"),
        "FROM golang:1\nRUN go run make.go\n",
    ),
    Difference(
        ("DL3064",),
        OURS,
        "`KEY`, `AUTH` and `CREDENTIALS` are found",
        _has(r"(?i)^(?:ARG|ENV)\s.*(?:^|[\s_])(?:KEY|AUTH|CREDENTIALS)[\s=]"),
        "FROM debian:12\nENV LICENSE_KEY=abc\n",
    ),
    Difference(
        ("DL3064",),
        THEIRS,
        "What BuildKit takes for secrets and are none",
        _has(r"(?i)^(?:ARG|ENV)\s.*(?:SECRET|PASSWORD|TOKEN|KEY)(?:_IS_\w+|_FILE)\b"),
        "FROM debian:12\nENV DATABASE_PASSWORD_FILE=/run/secrets/password\n",
    ),
    Difference(
        ("DL3066",),
        THEIRS,
        "`root` is 0 in every image and no fault of this kind",
        _has(r"^USER\s+\"?root\b"),
        "FROM debian:12\nUSER root\n",
    ),
    Difference(
        ("DL3066",),
        THEIRS,
        "A variable is replaced by its value; one without a value is not judged",
        _has(r"^USER\s+\"?\$"),
        "FROM debian:12\nUSER $APP_UID\n",
    ),
    Difference(
        ("DL3066",),
        THEIRS,
        "The user that an image is known for, by its own name or as `nonroot`, is left alone",
        _is_known_user,
        "FROM node:24\nUSER node\n",
    ),
    Difference(
        ("DL4006",),
        OURS,
        '`bash -c "…"` is looked into',
        _has(rf"{_SHELL}.*\|"),
        "FROM debian:12\nRUN bash -c 'ls | wc'\n",
    ),
    Difference(
        ("DL4006",),
        THEIRS,
        "`yes | …` is left alone",
        _has(r"\byes\b[^;&|]*\|"),
        "FROM debian:12\nRUN yes '' | pecl install redis\n",
    ),
)
"""in the order of the codes; the first that explains a place counts"""

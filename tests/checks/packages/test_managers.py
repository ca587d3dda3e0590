"""Command lines of package managers, and which of their rules find something."""

import pytest

from dockeropt.checks.packages import kept_downloads, unanswered_questions, unpinned_packages
from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source

FAMILIES = (unpinned_packages, unanswered_questions, kept_downloads)
CODES = frozenset(rule.code.lower() for family in FAMILIES for rule in family.RULES)


def codes(line: str, head: str = "FROM debian:12") -> str:
    """Return the codes that the families find in a RUN, in the order of the text."""
    found = lint_source(Source(f"{head}\nRUN {line}\n"), Settings(select=CODES))
    return " ".join(each.code for each in found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pip install --no-cache-dir flask", "DL3013"),
        ("pip install --no-cache-dir 'flask>=3'", ""),
        ("pip install --no-cache-dir 'flask == '$V", ""),
        ('pip install --no-cache-dir "flask == $V"', ""),
        ("pip install --no-cache-dir flask@3", "DL3013"),
        ("pip install --no-cache-dir 'flask @ https://example.com/flask.whl'", ""),
        ("pip install --no-cache-dir git+ssh://git@example.com/a.git", "DL3013"),
        ("pip install --no-cache-dir git+ssh://git@example.com/a.git@v1", ""),
        ("pip install --no-cache-dir https://example.com/a.tar.gz#sha256=1", ""),
        ("pip install --no-cache-dir folder/ *.whl ./x[extra]", ""),
        ("pip-3.12 install --no-cache-dir flask", "DL3013"),
        ("pip download flask", ""),
        ("pipx install black", "DL3013"),
        ("uv tool install ruff", "DL3013"),
        ("npm install", ""),
        ("npm i express", "DL3016"),
        ("npm install @scope/name", "DL3016"),
        ("npm install @scope/name@1", ""),
        ("npm install git+https://example.com/a.git", "DL3016"),
        ("npm install git+https://example.com/a.git#v1", ""),
        ("npm install github:owner/name#main", "DL3016"),
        ("npm install --loglevel warn --prefix /app", ""),
        ("bun add -g serve", "DL3016"),
        ("apk add --no-cache git@edge", "DL3018"),
        ("apk add --no-cache -t .group -X https://example.com git~2", ""),
        ("apk add --no-cache $(cat packages)", ""),
        ("gem install rake -v 13", ""),
        ("gem install -N rake", "DL3028"),
        ("gem install nokogiri:1.18 -- --use-system-libraries", ""),
        ("yum install -y curl-7* && yum clean all", ""),
        ("yum install -y curl=7 && yum clean all", "DL3033"),
        ("yum group install -y 'Development Tools' && yum clean all", ""),
        ("dnf module install -y nodejs && dnf clean all", "DL3041"),
        ("dnf module install -y nodejs:20 && dnf clean all", ""),
        ("zypper -n in 'git>=2' && zypper cc", ""),
        ("go install example.com/tool@v1", ""),
        ("go install example.com/tool@none", "DL3062"),
        ("go run github.com/a/tool@latest b.com/argument", "DL3062"),
        ("go get -d ./...", ""),
    ],
)
def test_what_needs_a_version(line: str, expected: str) -> None:
    assert expected == codes(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apt-get install a=1", "DL3014"),
        ("apt-get -qqo X=1 install a=1", ""),
        ("apt-get -q -q install a=1", ""),
        ("apt-get -q=1 install a=1", "DL3014"),
        ("apt-get --force-yes install a=1", "DL3014"),
        ("apt-get -o APT::Get::Assume-Yes=false install a=1", "DL3014"),
        ("apt-get update -q; apt-get clean; rm -rf /var/lib/apt/lists", ""),
        ("echo y | apt-get install a=1", ""),
        ("echo y; apt-get install a=1", "DL3014"),
        ("yes | sudo apt-get install a=1", ""),
        ("dnf localinstall ./a.rpm && dnf clean all", "DL3038"),
        ("zypper --quiet in a=1 && zypper clean", "DL3034"),
        ("zypper -qn in a=1 && zypper clean", ""),
    ],
)
def test_what_asks(line: str, expected: str) -> None:
    assert expected == codes(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("yum install -y a-1 && dnf clean all", ""),
        ("yum install -y a-1 && rm -rf /var/cache/*", ""),
        ("yum install -y a-1 && rm -rf /var/tmp/*", "DL3032"),
        ("dnf install -y a-1 && cd /var/cache && rm -rf dnf", ""),
        ("--mount=type=cache,target=/var/cache dnf install -y a-1", ""),
        ("--mount=type=bind,target=/var/cache dnf install -y a-1", "DL3040"),
        ("pip install a==1", "DL3042"),
        ("pip install --help", ""),
        ("pip install a==1 && rm -rf $HOME/.cache/pip", ""),
        ("rm -rf ~/.cache && pip install a==1", "DL3042"),
        ("PIP_NO_CACHE_DIR=off pip install a==1", ""),
        ("PIP_NO_CACHE_DIR= pip install a==1", "DL3042"),
        ("pip install --cache-dir /c a==1 && rm -rf /c", ""),
        ("--mount=type=cache,target=/home/app/.cache/pip pip install a==1", ""),
        ("--mount=type=cache,target=/srv/app/.cache/pip pip install a==1", ""),
        ("--mount=type=cache,target=/root/.npm pip install a==1", "DL3042"),
        ("pip install a==1 && pip install b==1", "DL3042 DL3042"),
        ("yarn", "DL3060"),
        ("yarn build", ""),
        ("yarn --version", ""),
        ("yarn install && rm -rf $(yarn cache dir)", ""),
        ("apk add --no-network a=1", ""),
        ("apk add a=1 && rm -rf /var/cache/apk/*", "DL3019"),
        ("apt-get update && apt update", "DL3009"),
    ],
)
def test_what_keeps_its_downloads(line: str, expected: str) -> None:
    assert expected == codes(line)


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        ("FROM debian:12\nENV PIP_NO_CACHE_DIR=0", "pip install a==1", ""),
        ("FROM debian:12 AS a\nENV PIP_NO_CACHE_DIR=1\nFROM debian:12", "pip install a==1", "DL3042"),
        ("FROM debian:12 AS a\nENV PIP_NO_CACHE_DIR=1\nFROM a", "pip install a==1", ""),
        ("FROM debian:12\nRUN pip config set global.no-cache-dir true", "pip install a==1", ""),
        ("FROM debian:12\nARG V=a==1\nARG W=b", "pip install --no-cache-dir $V ${W}", "DL3013"),
        ("FROM debian:12\nRUN echo assumeyes=True >> /etc/yum.conf", "yum install a-1; yum clean all", ""),
        ("FROM debian:12\nRUN echo assumeyes=0 >> /etc/yum.conf", "yum install a-1; yum clean all", "DL3030"),
        ("FROM golang:1\nWORKDIR /go/src/a.com/b", "go install a.com/b/cmd", ""),
        ("FROM golang:1\nWORKDIR /go/src/a.com/b", "go install a.com/bc", "DL3062"),
    ],
    ids=lambda value: value.replace("\n", "; ") if "\n" in value else None,
)
def test_what_was_said_before(head: str, line: str, expected: str) -> None:
    assert expected == codes(line, head)

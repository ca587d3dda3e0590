"""Options, settings and variables with which managers check nothing, and indexes that nobody reads."""

import pytest

from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source


def marked(code: str, instruction: str) -> list[str]:
    """Return the text of each finding of a rule in an instruction."""
    text = f"FROM debian:12\n{instruction}\n"
    found = lint_source(Source(text), Settings(select=frozenset((code.lower(),))))
    return [text[each.finding.span.start : each.finding.span.end] for each in found]


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("RUN apk add --allow-untrusted a.apk", ["--allow-untrusted"]),
        ("RUN apt-get -o Acquire::https::Verify-Peer=false update", ["Acquire::https::Verify-Peer=false"]),
        (
            "RUN apt-get -oAPT::Get::AllowUnauthenticated=true install a",
            ["-oAPT::Get::AllowUnauthenticated=true"],
        ),
        ("RUN apt-get purge -y --force-yes a", []),
        ("RUN dnf --setopt sslverify=False install a", ["sslverify=False"]),
        ("RUN dnf --setopt=tsflags=nodocs install a", []),
        ("RUN zypper --no-gpg-checks in a", ["--no-gpg-checks"]),
        ("RUN pip config set global.trusted-host a.com", ["global.trusted-host"]),
        ("RUN pip3 install --trusted-host=a.com b", ["--trusted-host=a.com"]),
        ("RUN composer config --global secure-http false", ["secure-http"]),
        ("RUN conda config --set ssl_verify no", ["ssl_verify"]),
        ("RUN rpm -Uvh --nodigest a.rpm", ["--nodigest"]),
        ("RUN go env -w GOPROXY=a.com && GOINSECURE=a.com go install b@v1", ["GOINSECURE=a.com"]),
        ("RUN npm config set strict-ssl=false", ["strict-ssl=false"]),
        ("RUN npm config set strict-ssl true", []),
        ("RUN NPM_CONFIG_STRICT_SSL=false npm ci", ["NPM_CONFIG_STRICT_SSL=false"]),
        ("ENV npm_config_strict_ssl=false", ["npm_config_strict_ssl"]),
        ("ENV NODE_TLS_REJECT_UNAUTHORIZED=1", []),
        ("ARG PIP_TRUSTED_HOST", []),
        ("ARG PIP_TRUSTED_HOST=a.com", ["PIP_TRUSTED_HOST"]),
        ("ONBUILD ENV PIP_TRUSTED_HOST=a.com", ["PIP_TRUSTED_HOST"]),
    ],
)
def test_what_is_not_checked_any_more(instruction: str, expected: list[str]) -> None:
    assert expected == marked("DO4002", instruction)


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("RUN curl -fsSLk https://a.com/b", ["-fsSLk"]),
        ("RUN curl -ok https://a.com/b", []),
        ("RUN curl -K settings https://a.com/b", []),
        ("RUN curl -k https://localhost:8443/", []),
        ("RUN curl -k -o a https://a.com/a && sha256sum -c sums", []),
        ('RUN ["curl", "--insecure", "https://a.com/b"]', ['"--insecure"']),
        ("RUN git -c http.sslVerify=false clone https://a.com/b", ["http.sslVerify=false"]),
        ("RUN git config --global http.https://a.com.sslVerify false", []),
        ("RUN export GIT_SSL_NO_VERIFY=1 && git clone https://a.com/b", ["GIT_SSL_NO_VERIFY=1"]),
        ("ENV PYTHONHTTPSVERIFY=1", []),
        ("ENV PYTHONHTTPSVERIFY=0", ["PYTHONHTTPSVERIFY"]),
    ],
)
def test_what_takes_any_certificate(instruction: str, expected: list[str]) -> None:
    assert expected == marked("DO4005", instruction)


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("RUN apt-get update", ["apt-get update"]),
        ("RUN sudo apk -q update", ["apk -q update"]),
        ("RUN apt-get update && apt-get upgrade -y", []),
        ("RUN apt-get install -y a && apt-get update", ["apt-get update"]),
        ("RUN apt-get update && apt-get update && apt-get install -y a", []),
        ("RUN apt-get update && apt-get clean", ["apt-get update"]),
        ("RUN apt-get update && rm -rf /var/lib/apt/lists/*", []),
        ("RUN apt-get update && ./install_tools", []),
        ("RUN apt-get update && bash setup.sh", []),
        ("RUN yum makecache", []),
    ],
)
def test_an_index_that_nobody_reads(instruction: str, expected: list[str]) -> None:
    assert expected == marked("DO1004", instruction)

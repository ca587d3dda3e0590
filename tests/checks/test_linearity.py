"""A file four times as long takes about four times as long, whatever is repeated in it."""

import time
from collections.abc import Callable

import pytest

from dockeropt.checks.registry import rules
from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source

OWN = Settings(
    select=frozenset(
        rule.code.lower()
        for rule in rules()
        if rule.code == "DO1002" or (rule.code >= "DO1005" and rule.code[1] == "O")
    )
)
"""our own rules but those that walk the step graph"""
FEW = 400

TEXTS: dict[str, Callable[[int], str]] = {
    "downloads in one RUN": lambda n: (
        "RUN " + " && ".join(f"curl -o {i}.tgz http://a.com/{i}" for i in range(n))
    ),
    "downloads that are removed": lambda n: (
        "RUN " + "; ".join(f"wget a.com/{i}.tgz; rm {i}.tgz" for i in range(n))
    ),
    "clones": lambda n: "ARG A\nADD https://a.com/b c\nRUN git clone https://d.com/e\n" * n,
    "copies and their modes": lambda n: "".join(f"COPY a /b{i}\nRUN chmod -R 1 /c{i}\n" for i in range(n)),
    "directories and modes": lambda n: "COPY a /b\nRUN " + " && ".join(["cd a && chmod 7 x"] * n),
    "secrets": lambda n: "ENV A=b://c:d3f@e\nRUN API_KEY=k1 a\n" * n,
    "passwords": lambda n: "RUN " + "; ".join(["echo a:b | chpasswd"] * n),
    "temporary folders": lambda n: "RUN " + "; ".join(f"d{i}=$(mktemp -d)" for i in range(n)),
    "arguments that change above steps that do not use them": lambda n: (
        "ARG GIT_COMMIT\n" * n + "RUN npm ci\n" * n
    ),
    "different ones": lambda n: (
        "".join(f"ARG A{i}_BUILD_DATE\n" for i in range(n)) + "RUN apt-get install b\n" * n
    ),
    "variables made of them": lambda n: (
        "".join(f"ARG GIT_COMMIT\nENV A{i}=$GIT_COMMIT\n" for i in range(n)) + "RUN npm ci\n" * n
    ),
    "stages from one another": lambda n: "".join(f"FROM s{i} AS s{i + 1}\nUSER a\nCMD b\n" for i in range(n)),
    "blanks in a list": lambda n: "RUN ['a'" + " " * n * 50 + "x]",
    "letters in a mode": lambda n: "RUN chmod " + "a" * n * 50 + " b",
    "words": lambda n: "RUN echo" + " x y" * n * 10,
    "continued lines": lambda n: "RUN echo" + " x \\\n" * n * 10 + " y",
    "variables in one ENV": lambda n: "ENV" + "".join(f" A{i}=b" for i in range(n * 5)),
    "variables made of one another": lambda n: "".join(f"ENV A{i + 1}=$A{i}b\n" for i in range(n)),
    "sources of one COPY": lambda n: "COPY" + " a" * n * 20 + " /b/",
    "copies from a stage": lambda n: "COPY --from=s0 /a /b\n" * n,
    "strings in a list": lambda n: "CMD [" + ",".join(['"a"'] * n * 10) + "]",
    "open quotes": lambda n: "RUN echo " + '"' * n * 50,
    "open substitutions": lambda n: "ENV A=" + "${b" * n * 20,
    "open brackets": lambda n: "RUN " + "(" * n * 20,
    "installs in one RUN": lambda n: "RUN " + " && ".join(["apt-get install -y curl"] * n),
    "stages": lambda n: "".join(f"FROM a:1 AS t{i}\n" for i in range(n)),
    "comments": lambda n: "# a\n" * n * 20 + "USER a",
    "lines of PowerShell": lambda n: 'SHELL ["pwsh"]\nRUN <<EOF\n' + "\n" * n * 50 + "'x'\nEOF",
}


def seconds(text: str) -> float:
    """Return the shortest processor time of three runs."""
    source = Source("FROM scratch AS s0\n" + text + "\n")
    times = []
    for _ in range(3):
        start = time.process_time()
        lint_source(source, OWN)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_repeated_takes_time_in_proportion(name: str) -> None:
    make = TEXTS[name]
    seconds(make(10))
    short = seconds(make(FEW))
    # Proportion is 4, the square 16; what takes a hundredth of a second proves nothing.
    assert seconds(make(4 * FEW)) < 10 * max(short, 0.05)

"""Files of a thousand times the usual size: the time grows with the size, not with its square."""

import gc
import time

import pytest

from tests.fuzz.judge import judge

START = "FROM debian:12\n"
SMALL, LARGE = 300, 2_400
"""one quadratic in its size takes 64 times as long for the large one, one that is linear 8 times"""
WORST = 24


def _repeated(part: str, joint: str = "", end: str = "\n", start: str = START) -> tuple[str, str, str, str]:
    return start, part, joint, end


GROWING = {
    "RUN instructions": _repeated("RUN apt-get install -y p{}\n"),
    "parts of one RUN": _repeated("apt-get install -y p{}", " && ", start=START + "RUN "),
    "parts of one RUN on lines of their own": _repeated(
        "apt-get install p{}", " && \\\n", start=START + "RUN "
    ),
    "downloads in one RUN": _repeated("curl -O https://x/{}", " && ", start=START + "RUN "),
    "index fetches in one RUN": _repeated(
        "apt-get update && apt-get install p{}", " && ", start=START + "RUN "
    ),
    "ignore comments": _repeated("# hadolint ignore=DL3008\nRUN apt-get install p{}\n"),
    "ignore comments inside one RUN": _repeated(
        "# hadolint ignore=DL3008\n a{}; \\\n", start=START + "RUN \\\n"
    ),
    "arguments": _repeated("ARG A{}=1\nRUN echo\n"),
    "stages": _repeated("FROM a AS s{}\n", start=""),
    "copies": _repeated("COPY a{} /b/\n"),
    "installs of everything": _repeated("COPY . .\nRUN npm install # {}\n"),
    "heredocs": _repeated("RUN <<E{0}\necho\nE{0}\n"),
    "labels of one instruction": _repeated("a{}=b", " ", start=START + "LABEL "),
    "open substitutions": _repeated("$(", start=START + "RUN echo "),
    "open expansions": _repeated("${{a:-", start=START + "ENV A="),
    "open expansions apart": _repeated("<(${{a:-", start=START + "ARG "),
    "open quotes": _repeated("\"'", start=START + "RUN "),
    "nested shells": _repeated("sh -c '", start=START + "RUN "),
    "carriage returns": _repeated("RUN a\r"),
    "comments in a continuation": _repeated("# {}\n", end="b\n", start=START + "RUN a \\\n"),
    "variables that nothing sets": _repeated("ENV A{0}=$B{0}\n"),
}


@pytest.mark.parametrize("growing", GROWING.values(), ids=GROWING)
def test_time_grows_with_the_size(growing: tuple[str, str, str, str]) -> None:
    # The shortest of three: another process on the machine only ever makes it longer.
    small = min(_seconds(growing, SMALL) for _ in range(3))
    large = min(_seconds(growing, LARGE) for _ in range(3))
    assert large < WORST * small + 0.1


def test_values_that_double_are_cut_off() -> None:
    judge(("FROM a\nENV A=aaaaaaaaaa\n" + "ENV A=$A$A\n" * 500 + "RUN echo $A\n").encode())
    judge(
        ("FROM a\nENV A0=aaaaaaaaaa\n" + "".join(f"ENV A{n + 1}=$A{n}$A{n}\n" for n in range(500))).encode()
    )
    judge(("ARG A=aaaaaaaaaa\n" + "ARG A=$A$A\n" * 500 + "FROM $A\n").encode())


@pytest.mark.parametrize("character", ["a", "\\", "$", '"', "'", "(", "`", "#", " ", "\r", "[", "é", "\0"])
def test_a_line_of_a_megabyte_is_read(character: str) -> None:
    judge(f"FROM a\nRUN {character * 1_000_000}\n".encode(), 60)


def _seconds(growing: tuple[str, str, str, str], count: int) -> float:
    start, part, joint, end = growing
    data = (start + joint.join(part.format(number) for number in range(count)) + end).encode()
    gc.freeze()  # what the tests before have left is looked at in every collection, and is not what is timed
    try:
        before = time.process_time()
        judge(data, 60)
        return time.process_time() - before
    finally:
        gc.unfreeze()

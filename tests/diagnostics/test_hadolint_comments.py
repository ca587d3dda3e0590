"""What hadolint's comments hide from hadolint they hide from us: both are run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HADOLINT = Path(sys.executable).with_name("hadolint")

SAME = {
    "one code": "# hadolint ignore=DL3007\nFROM a:latest\n",
    "without blanks": "#hadolint ignore=DL3007\nFROM a:latest\n",
    "with many blanks": "#\thadolint   ignore  =  DL3007 , DL3006\nFROM a:latest\n",
    "in upper case": "# HADOLINT IGNORE=DL3007\nFROM a:latest\n",
    "a list": "FROM a:1\n# hadolint ignore=DL3003,DL3004\nRUN cd /tmp && sudo a\n",
    "with a reason behind #": "# hadolint ignore=DL3007 # the base team\nFROM a:latest\n",
    "below a directive": "# syntax=docker/dockerfile:1\n# hadolint ignore=DL3007\nFROM a:latest\n",
    "only the next instruction": "FROM a:1\n# hadolint ignore=DL3004\nRUN sudo a && b\nRUN sudo a && b\n",
    "of an instruction in ONBUILD": "FROM a:1\n# hadolint ignore=DL3004\nONBUILD RUN sudo a && b && c\n",
    "of a finding that needs the stage": "FROM a:1\nRUN curl a\n# hadolint ignore=DL4001\nRUN wget -q b\n",
    "of the second of two": 'FROM a:1\nCMD ["a"]\n# hadolint ignore=DL4003\nCMD ["b"]\n',
    "of RUN after RUN": "FROM a:1\nRUN a\n# hadolint ignore=DL3059\nRUN b\nRUN c\n",
    "in the last line": "FROM a:latest\n# hadolint ignore=DL3007",
    "for the whole file": "# hadolint global ignore=DL3007\nFROM b:1\nFROM a:latest\n",
    "for the whole file, said late": "FROM b:latest\n# hadolint global ignore=DL3007\nFROM a:latest\n",
    "in a sentence": "FROM a:1\n# please hadolint ignore=DL3004\nRUN sudo b && c\n",
    "of nothing": "FROM a:1\n# hadolint ignore=\nRUN sudo b && c\n",
    "of another code": "# hadolint ignore=SC2086\nFROM a:latest\n",
}
MORE = {
    "a code in lower case": "# hadolint ignore=dl3007\nFROM a:latest\n",
    "with a reason": "# hadolint ignore=DL3007 the base team\nFROM a:latest\n",
    "above another comment": "# hadolint ignore=DL3007\n# a note\nFROM a:latest\n",
    "above a blank line": "# hadolint ignore=DL3007\n\nFROM a:latest\n",
    "two comments": "FROM a:1\n# hadolint ignore=DL3003\n# hadolint ignore=DL3004\nRUN cd /a && sudo a\n",
    "between continuations": "FROM a:1\nRUN a && \\\n# hadolint ignore=DL3004\n sudo b && c\n",
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[set[str], set[str]]]:
    """The places that hadolint reports, and those we do, by the name of the case."""
    folder = tmp_path_factory.mktemp("comments")
    names = {f"{number}.Dockerfile": name for number, name in enumerate({**SAME, **MORE})}
    for file, name in names.items():
        (folder / file).write_text({**SAME, **MORE}[name])
    ours = [sys.executable, "-m", "dockeropt", "lint", "--no-config", "--select", "DL"]
    found: dict[str, tuple[set[str], set[str]]] = {name: (set(), set()) for name in names.values()}
    for side, command in enumerate(([str(HADOLINT)], ours)):
        done = subprocess.run(
            [*command, "--no-fail", "--format", "json", *names],
            cwd=folder,
            env={"LC_ALL": "C.UTF-8", "HOME": str(folder)},
            capture_output=True,
            check=True,
        )
        for entry in json.loads(done.stdout):
            if entry["code"].startswith("DL"):
                found[names[entry["file"]]][side].add(f"{entry['line']} {entry['code']}")
    return found


@pytest.mark.parametrize("name", SAME)
def test_a_comment_of_hadolint_hides_the_same(
    findings: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    theirs, ours = findings[name]
    assert theirs == ours


@pytest.mark.parametrize("name", MORE)
def test_a_comment_that_hadolint_overlooks_is_taken(
    findings: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    theirs, ours = findings[name]
    assert ours < theirs

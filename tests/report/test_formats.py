"""What holds for every format: it takes all there is, and what it prints can be read back."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dockeropt.cli.options import LINT
from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related
from dockeropt.report.formats import MODULES, NAMES, OF_ENGINES, render
from dockeropt.report.markup import DECLARATION
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span
from tests.report.samples import ALL, NASTY
from tests.report.sarif_schema import faults

_READERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "gitlab_codeclimate": json.loads,
    "sonarqube": json.loads,
    "sarif": lambda text: list(faults(json.loads(text))) == [],
    "codacy": lambda text: [json.loads(line) for line in text.splitlines()],
    "codeclimate": lambda text: [json.loads(issue) for issue in text.split("\0")[:-1]],
    "checkstyle": ET.fromstring,
    "junit": ET.fromstring,
}
_TEXTS = some.text(some.characters(codec=None) | some.sampled_from("`|\\@<&>%:,\n\r\0\udcff💥"), max_size=20)


@some.composite
def _diagnostics(draw: some.DrawFn) -> Diagnostic:
    text = draw(_TEXTS)
    offsets = some.integers(0, len(text))
    span = Span(*sorted((draw(offsets), draw(offsets))))
    finding = Finding(
        span,
        draw(_TEXTS),
        Fix(draw(_TEXTS), (Edit(span, draw(_TEXTS)),), draw(some.sampled_from(Applicability))),
        (Related(span, draw(_TEXTS)),),
    )
    severity = draw(some.sampled_from(Severity))
    return Diagnostic("DL0000", "any-slug", (), severity, Source(text, draw(_TEXTS)), finding)


@given(some.lists(_diagnostics(), max_size=3))
def test_any_text_and_path_is_printed_and_read_back(found: Sequence[Diagnostic]) -> None:
    for name in NAMES:
        text = render(name, found)
        text.encode("utf-8")  # raises where half a character is left
        if name in _READERS:
            assert text.isascii()
            assert _READERS[name](text) is not False


@pytest.mark.parametrize("name", ["tty", "gnu", "codacy", "github"])
@given(found=some.lists(_diagnostics(), max_size=3))
def test_a_diagnostic_is_one_line(name: str, found: Sequence[Diagnostic]) -> None:
    text = render(name, found)
    assert len(found) == len(text.splitlines()) == text.count("\n")


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("text", ""),
        ("json", "[]\n"),
        ("tty", ""),
        ("gnu", ""),
        ("checkstyle", f'{DECLARATION}<checkstyle version="4.3"/>\n'),
        ("codeclimate", ""),
        ("gitlab_codeclimate", "[]\n"),
        ("codacy", ""),
        ("sonarqube", '{\n  "issues": []\n}\n'),
        ("github", ""),
        ("markdown", "dockeropt found nothing.\n"),
    ],
)
def test_nothing_found_is_an_empty_report(name: str, empty: str) -> None:
    assert empty == render(name, [])


def test_only_formats_for_terminals_take_colour() -> None:
    coloured = {name for name in NAMES if "\x1b[" in render(name, [*ALL, NASTY], colour=True)}
    assert {"text", "tty"} == coloured
    assert not any("\x1b" in render(name, [*ALL, NASTY]) for name in NAMES)


def test_the_command_offers_every_format_and_each_has_a_module_of_its_name() -> None:
    (option,) = (option for option in LINT if option.name == "format")
    assert option.choices == NAMES
    assert {name: f"dockeropt.report.{name}" for name in NAMES} == MODULES


def test_text_loads_no_other_format(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\n")
    script = (
        "import sys; from dockeropt.cli.main import main\n"
        "main(['lint', '--select', 'DL3006', 'Dockerfile'])\n"
        "print(*sorted(name for name in sys.modules if name.startswith('dockeropt.report.')))\n"
        "print(*{'json', 'xml', 'hashlib', 'urllib'}.intersection(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    loaded = ["dockeropt.report.characters dockeropt.report.formats dockeropt.report.text", ""]
    assert done.stdout.split("\n")[-3:-1] == loaded


def test_a_path_that_is_not_utf_8_reaches_every_format(tmp_path: Path) -> None:
    name = b"bad\xff.Dockerfile"
    path = bytes(tmp_path) + b"/" + name
    with open(path, "wb") as file:
        file.write(b"FROM debian\n")
    for format_name in NAMES:
        done = subprocess.run(
            [sys.executable, "-m", "dockeropt", "lint", "--select=DL3006", f"--format={format_name}", name],
            cwd=tmp_path,
            capture_output=True,
        )
        assert (done.returncode, done.stderr) == (format_name not in OF_ENGINES, b"")
        assert "DL3006" in done.stdout.decode("utf-8")

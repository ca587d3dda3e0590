"""``dockeropt gate`` over archives: exit codes, sentences and files; no engine is needed."""

import json
from pathlib import Path

import pytest

from dockeropt.cli.main import main
from dockeropt.measure.model import to_json
from tests.measure.examples import COMPARISON
from tests.measure.image.archives import archive, layer, oci_layout

SMALL = {"app/server.js": b"x" * 1000}
LARGE = {**SMALL, "app/video.mp4": bytes(range(256)) * 4000}


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "small.tar").write_bytes(archive(oci_layout([layer(SMALL)])).getvalue())
    (tmp_path / "large.tar").write_bytes(archive(oci_layout([layer(LARGE)])).getvalue())
    (tmp_path / "arm.tar").write_bytes(archive(oci_layout([layer(SMALL)], ("linux/arm64",))).getvalue())
    return tmp_path


@pytest.fixture
def baseline(images: Path) -> str:
    assert main(["gate", "small.tar", "--baseline", "b.json", "--update"]) == 0
    return "b.json"


def test_an_image_within_its_budget_passes(images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "small.tar", "--max-size", "1MB", "--forbid", "**/.git"]) == 0
    out = capsys.readouterr().out
    assert "small.tar (linux/amd64):" in out
    assert "ok  compressed size" in out.replace("    ", "  ").replace("   ", "  ")


def test_growth_fails_and_is_explained(
    baseline: str, images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["gate", "large.tar", "--baseline", baseline, "--max-increase", "5%", "--min-increase", "1kB"]
    assert main([*arguments, "--markdown", "comment.md", "--json", "verdict.json"]) == 1
    out = capsys.readouterr().out
    assert "FAILED" in out
    assert "+1.0 MB /app" in out
    comment = (images / "comment.md").read_text()
    assert comment.startswith("<!-- dockeropt gate -->\n### ❌ large.tar (linux/amd64): ")
    verdict = json.loads((images / "verdict.json").read_text())
    assert (verdict["passed"], verdict["causes"][-1]["what"]) == (False, "/app")


def measured(folder: Path) -> None:
    """Write a measurement: start-up 0.5 s, rebuild 28 s, of 56 MB compressed and 163 MB unpacked."""
    (folder / "measured.json").write_text(json.dumps(to_json(COMPARISON)))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(
            ["large.tar", "--max-increase=5%", "--min-increase=5MB", "--baseline=b.json"],
            0,
            "ok increase of unpacked size",
            id="growth under the floor",
        ),
        pytest.param(
            ["large.tar", "--max-increase=5%", "--min-increase=1kB", "--baseline=b.json"],
            1,
            "FAILED increase of unpacked size",
            id="growth over the percentage",
        ),
        pytest.param(["large.tar", "--max-size=1kB"], 1, "FAILED compressed size", id="compressed"),
        pytest.param(["large.tar", "--max-unpacked=1MB"], 1, "FAILED unpacked size", id="unpacked"),
        pytest.param(["twice.tar", "--max-waste=1kB"], 1, "FAILED wasted bytes", id="waste"),
        pytest.param(
            ["large.tar", "--forbid=**/*.mp4", "--forbid=**/.git"],
            1,
            "FAILED files of **/*.mp4",
            id="a forbidden path",
        ),
        pytest.param(["measured.json", "--max-startup=400ms"], 1, "FAILED start-up", id="a slow start-up"),
        pytest.param(["measured.json", "--max-rebuild=20s"], 0, "advice rebuild", id="a rebuild is advice"),
        pytest.param(
            ["measured.json", "--max-rebuild=20s", "--enforce-rebuild"],
            1,
            "FAILED rebuild",
            id="a rebuild that is enforced",
        ),
        pytest.param(
            ["measured.json", "--max-waste=1kB"], 0, "note: a measurement does not tell", id="not looked at"
        ),
        pytest.param(["small.tar"], 0, "no limit is set", id="no limit"),
    ],
)
def test_each_limit_has_its_exit_code_and_sentence(
    arguments: list[str],
    code: int,
    said: str,
    baseline: str,
    images: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured(images)
    twice = oci_layout([layer(LARGE), layer({"app/video.mp4": b"short"})])
    (images / "twice.tar").write_bytes(archive(twice).getvalue())
    assert code == main(["gate", *arguments])
    assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            '{"version": 9, "platforms": {}}', "this dockeropt reads 1", id="written by a newer one"
        ),
        pytest.param("{", "is no baseline", id="a corrupt one"),
        pytest.param('{"version": 1, "platforms": {"linux/amd64": {}}}', "is damaged", id="a damaged one"),
    ],
)
@pytest.mark.parametrize("update", [[], ["--update"]], ids=["to compare with", "to update"])
def test_a_baseline_that_cannot_be_read_is_kept(
    text: str, said: str, update: list[str], images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (images / "old.json").write_text(text)
    assert main(["gate", "small.tar", "--baseline", "old.json", *update]) == 2
    assert said in capsys.readouterr().err
    assert text == (images / "old.json").read_text()


def test_an_image_is_compared_with_another(images: Path) -> None:
    arguments = ["gate", "large.tar", "--baseline-image", "small.tar", "--max-increase", "5%"]
    assert main([*arguments, "--min-increase", "1kB"]) == 1


def test_a_baseline_takes_a_platform_more(baseline: str, images: Path) -> None:
    assert main(["gate", "arm.tar", "--baseline", baseline, "--platform", "linux/arm64", "--update"]) == 0
    assert sorted(json.loads((images / baseline).read_text())["platforms"]) == ["linux/amd64", "linux/arm64"]


def test_the_configuration_holds_the_budget_and_the_command_line_wins(images: Path) -> None:
    (images / "dockeropt.toml").write_text('[gate]\nmax-size = "1kB"\nbaseline = "b.json"\n')
    (images / "sub").mkdir()
    assert main(["gate", "small.tar", "--update"]) == 0
    assert (images / "b.json").exists()
    assert main(["gate", "large.tar"]) == 1
    assert main(["gate", "large.tar", "--max-size", "5MB"]) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(
            ["small.tar", "--baseline", "none.json"],
            2,
            "there is no baseline none.json",
            id="a missing baseline",
        ),
        pytest.param(
            ["arm.tar", "--platform", "linux/arm64", "--baseline", "b.json"],
            2,
            "b.json has no baseline for linux/arm64, only for linux/amd64",
            id="a baseline of another platform",
        ),
        pytest.param(
            ["small.tar", "--baseline", "small.tar"], 2, "small.tar is no baseline", id="a corrupt baseline"
        ),
        pytest.param(["small.tar", "--max-size", "big"], 2, "'big' is no size", id="no size"),
        pytest.param(
            ["small.tar", "--update"], 2, "--update has no file to write", id="an update of nothing"
        ),
        pytest.param(
            ["small.tar", "--max-increase", "5%"],
            2,
            "--max-increase has nothing to compare",
            id="no baseline",
        ),
        pytest.param(
            ["small.tar", "--baseline", "b.json", "--baseline-image", "large.tar"],
            2,
            "are two things to compare with",
            id="two baselines",
        ),
        pytest.param(["none.tar"], 2, "there is no file none.tar", id="a missing image"),
        pytest.param(["b.json"], 2, "b.json is no measurement", id="a JSON file that is no measurement"),
        pytest.param(["broken.tar"], 4, "cannot be read", id="an image that is damaged"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(
    arguments: list[str],
    code: int,
    said: str,
    baseline: str,
    images: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (images / "broken.tar").write_bytes((images / "large.tar").read_bytes()[:6000])
    before = (images / baseline).read_text()
    assert code == main(["gate", *arguments])
    errors = capsys.readouterr().err
    assert said in errors
    assert "Traceback" not in errors
    assert before == (images / baseline).read_text()


def test_an_unknown_key_of_the_table_is_named(images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (images / "dockeropt.toml").write_text('[gate]\nmax-sise = "1kB"\n')
    assert main(["gate", "small.tar"]) == 2
    assert "unknown key `gate.max-sise`" in capsys.readouterr().err


def test_the_layers_of_an_archive_are_shown(images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layers", "large.tar", "--json", "layers.json"]) == 0
    out = capsys.readouterr().out
    assert "largest files" in out
    assert "/app/video.mp4" in out
    assert json.loads((images / "layers.json").read_text())["largest_files"][0]["path"] == "/app/video.mp4"

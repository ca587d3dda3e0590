"""``dockeropt ci``: where its output goes, exit codes, and what is refused."""

from pathlib import Path

import pytest
import yaml

from dockeropt.cli.main import main
from dockeropt.knowledge import aws
from tests.ci.pipelines import NUXT, VITE, Files, make

PLACES = {"codebuild": "buildspec.yml", "github": ".github/workflows/image.yml", "gitlab": ".gitlab-ci.yml"}


@pytest.mark.parametrize("service", list(PLACES))
def test_a_dockerfile_is_all_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], service: str
) -> None:
    monkeypatch.chdir(make(tmp_path, {}))
    assert main(["ci", service]) == 0
    output = capsys.readouterr()
    assert yaml.safe_load(output.out)
    assert output.err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["Dockerfile"]


@pytest.mark.parametrize(("service", "place"), PLACES.items())
def test_it_is_written_where_the_service_looks(tmp_path: Path, service: str, place: str) -> None:
    make(tmp_path, {})
    assert main(["ci", service, "--output", str(tmp_path), str(tmp_path)]) == 0
    assert yaml.safe_load((tmp_path / place).read_text())


def test_a_file_that_is_there_is_kept_without_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"buildspec.yml": "mine\n"})
    words = ["ci", "codebuild", "--output", str(tmp_path), str(tmp_path)]
    assert main(words) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "buildspec.yml").read_text() == "mine\n"
    assert main([*words, "--force"]) == 0
    assert (tmp_path / "buildspec.yml").read_text() != "mine\n"


@pytest.mark.parametrize(
    ("files", "words", "message", "hint"),
    [
        pytest.param({}, ["--registry", "quay"], "'quay' is not one of", "", id="an unknown registry"),
        pytest.param(
            {},
            ["--region", "eu-wst-1"],
            "no AWS region eu-wst-1",
            "did you mean eu-west-1?",
            id="no such region",
        ),
        pytest.param({}, ["--region", "moon"], "no AWS region moon", "eu-west-1", id="not like any region"),
        pytest.param(
            {},
            ["--repository", "$(id)"],
            "$(id) is no repository",
            "team/shop",
            id="a repository with a command",
        ),
        pytest.param({}, ["--bucket", "A"], "A is no bucket", "3 to 63", id="a bucket that S3 would refuse"),
        pytest.param({}, ["--bucket", "10.0.0.1"], "is no bucket", "3 to 63", id="an address as a bucket"),
        pytest.param(
            {},
            ["--bucket", "shop-assets"],
            "Dockerfile has no stage assets, so there are no static files to upload",
            "build in a stage of its own",
            id="no static files",
        ),
        pytest.param(
            {**NUXT, "Dockerfile": "FROM node:22\nWORKDIR /srv\n"},
            ["--domain", "cdn.example.com"],
            "has no stage assets",
            "dockeropt rewrite --cdn",
            id="a Nuxt app without the stage",
        ),
        pytest.param(
            {
                "package.json": {"dependencies": {"next": "16"}},
                "Dockerfile": "FROM a AS made\nWORKDIR /srv\nFROM b\n",
            },
            ["--bucket", "shop-assets"],
            "has no stage assets",
            "COPY --from=made /srv/.next/static /_next/static",
            id="a Next app without the stage",
        ),
        pytest.param(
            {},
            ["--registry", "ghcr", "--repository", "shop"],
            "shop has no owner",
            "OWNER/shop",
            id="no owner",
        ),
        pytest.param(
            {}, ["--registry", "gitlab"], "no login to a GitLab registry", "ghcr", id="GitLab's elsewhere"
        ),
        pytest.param(
            {}, ["--force"], "--force has nothing to replace", "--output", id="force without a folder"
        ),
        pytest.param(
            {}, ["--dockerfile", "gone"], "there is no file gone", "", id="a Dockerfile that is not there"
        ),
        pytest.param(
            {"Dockerfile": "RUN x\n"}, [], "does not build", "", id="a Dockerfile that does not build"
        ),
        pytest.param({"Dockerfile": ""}, [], "Dockerfile", "", id="an empty Dockerfile"),
    ],
)
def test_wrong_use(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: Files,
    words: list[str],
    message: str,
    hint: str,
) -> None:
    make(tmp_path, files)
    assert main(["ci", "codebuild", *words, str(tmp_path)]) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert hint in output.err
    assert output.out == ""


def test_a_folder_without_a_dockerfile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "gitlab", str(tmp_path)]) == 2
    assert "there is no Dockerfile in" in capsys.readouterr().err
    assert main(["ci", "gitlab", str(tmp_path / "gone")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_a_build_that_has_to_know_the_address_and_does_not_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dockerfile = str(VITE["Dockerfile"]).replace("ARG CDN_URL\n", "")
    make(tmp_path, {**VITE, "Dockerfile": dockerfile})
    assert main(["ci", "codebuild", str(tmp_path)]) == 0
    assert "note: Vite writes the CDN's address into its files when it builds" in capsys.readouterr().err


def test_the_regions_are_those_of_botocore() -> None:
    import json
    from importlib.resources import files

    read = json.loads((files("botocore") / "data" / "endpoints.json").read_text())
    open_to_all = {"aws": None, "aws-us-gov": None, "aws-cn": None, "aws-eusc": None}
    known = {
        region: partition["dnsSuffix"]
        for partition in read["partitions"]
        if partition["partition"] in open_to_all
        for region in partition["regions"]
    }
    assert known == aws.DOMAINS


def test_the_cdn_is_printed_or_written_as_a_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ci", "cdn", "--origin", "https://shop.example.com/"]
    assert main(words) == 0
    assert "AWSTemplateFormatVersion" in capsys.readouterr().out
    assert main([*words, "--format", "terraform"]) == 0
    assert 'origins     = ["https://shop.example.com"]' in capsys.readouterr().out
    assert main([*words, "--output", str(tmp_path / "cdn")]) == 0
    names = ["bucket-cors.json", "cloudformation.yml", "main.tf"]
    assert sorted(path.name for path in (tmp_path / "cdn").iterdir()) == names
    (tmp_path / "cdn" / "main.tf").unlink()
    assert main([*words, "--output", str(tmp_path / "cdn")]) == 2
    assert sorted(path.name for path in (tmp_path / "cdn").iterdir()) == names[:2]


def test_the_cdn_needs_an_origin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "cdn"]) == 2
    assert "--origin" in capsys.readouterr().err


def test_a_task_is_made_of_a_measurement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from dockeropt.measure.model import Comparison, to_json
    from tests.ci.test_ecs import STARTUP, measured

    make(tmp_path, {**NUXT, "Dockerfile": "FROM node:22\n"})
    measurement = tmp_path / "measurement.json"
    measurement.write_text(json.dumps(to_json(Comparison(".", {}, "1", "1", (measured(STARTUP),)))))
    words = ["ci", "ecs", str(measurement), str(tmp_path), "--domain", "cdn.example.com"]
    assert main(words) == 0
    output = capsys.readouterr()
    (container,) = json.loads(output.out)["containerDefinitions"]
    assert container["healthCheck"]["startPeriod"] == 14
    assert container["environment"] == [{"name": "NUXT_APP_CDN_URL", "value": "https://cdn.example.com"}]
    assert "note: a start period of 14 s" in output.err
    assert main([*words, "--output", str(tmp_path / "ecs")]) == 0
    service = json.loads((tmp_path / "ecs" / "service.json").read_text())
    assert service["healthCheckGracePeriodSeconds"] == 44


def test_a_task_needs_its_measurement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "ecs", str(tmp_path / "gone.json"), str(make(tmp_path, {}))]) == 2
    assert "write it with `dockeropt measure --json FILE`" in capsys.readouterr().err

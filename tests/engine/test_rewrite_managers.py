"""A rewritten Dockerfile builds and runs with each package manager, flavour and kind of output."""

import json
import os
from pathlib import Path

import pytest

from dockeropt.rewrite.options import Base, Options
from dockeropt.rewrite.rewriter import rewrite
from tests.engine import nuxt_stand_in
from tests.engine.containers import docker, image, running

pytestmark = pytest.mark.engine


def _write(folder: Path, options: Options = Options()) -> str:  # noqa: B008
    outcome = rewrite(str(folder), None, options)
    (folder / "Dockerfile").write_text(outcome.rewritten.dockerfile)
    (folder / ".dockerignore").write_text(outcome.rewritten.ignore)
    return outcome.rewritten.dockerfile


@pytest.mark.parametrize(
    ("lock", "text", "protocol", "manager"),
    [
        pytest.param("package-lock.json", json.dumps(nuxt_stand_in.NPM_LOCK), "file", "", id="npm"),
        pytest.param("yarn.lock", nuxt_stand_in.YARN_LOCK, "file", "", id="yarn 1"),
        pytest.param("pnpm-lock.yaml", nuxt_stand_in.PNPM_LOCK, "link", "pnpm@10.18.0", id="pnpm"),
    ],
)
def test_it_builds_answers_and_stops(
    tmp_path: Path, token: str, lock: str, text: str, protocol: str, manager: str
) -> None:
    changes = {"packageManager": manager} if manager else {}
    nuxt_stand_in.make(tmp_path, token, protocol, **changes)
    (tmp_path / lock).write_text(text)
    (tmp_path / "Dockerfile").write_text("FROM node:22\nENV GREETING=hello\nEXPOSE 8080\nCMD npm start\n")
    _write(tmp_path)
    with image(tmp_path) as name, running(name, 8080) as container:
        answer = json.loads(container.get().body)
        assert answer["uid"] == 1000
        assert answer["environment"]["GREETING"] == "hello"
        assert answer["environment"]["NODE_ENV"] == "production"
        assert docker("exec", container.name, "ls", "-A", "/app").split() == [".output", "written"]
        assert container.health() == "healthy"
        seconds, code = container.stop()
        assert seconds < 3
        assert code == 0


def test_slim(tmp_path: Path, token: str) -> None:
    nuxt_stand_in.make(tmp_path, token)
    (tmp_path / "package-lock.json").write_text(json.dumps(nuxt_stand_in.NPM_LOCK))
    (tmp_path / ".nvmrc").write_text("22")
    _write(tmp_path, Options(base=Base.SLIM))
    with image(tmp_path) as name, running(name, 3000) as container:
        assert container.get().status == 200


def test_a_script_that_needs_the_sources_runs_when_they_are_there(tmp_path: Path, token: str) -> None:
    scripts = {"build": "nuxt build", "postinstall": "node -e \"require('fs').readFileSync('app/app.vue')\""}
    nuxt_stand_in.make(tmp_path, token, scripts=scripts)
    (tmp_path / "package-lock.json").write_text(json.dumps(nuxt_stand_in.NPM_LOCK))
    (tmp_path / ".nvmrc").write_text("22")
    assert "npm run postinstall && \\\n    npm run build\n" in _write(tmp_path)
    with image(tmp_path) as name:
        assert name in docker("image", "ls")


def test_a_token_reaches_the_install_and_no_layer(tmp_path: Path, token: str) -> None:
    nuxt_stand_in.make(tmp_path, token)
    (tmp_path / "package-lock.json").write_text(json.dumps(nuxt_stand_in.NPM_LOCK))
    (tmp_path / ".npmrc").write_text("//registry.acme.dev/:_authToken=${NPM_TOKEN}\n")
    (tmp_path / ".nvmrc").write_text("22")
    text = _write(tmp_path)
    # the install fails unless the variable has the secret's value
    guarded = text.replace('" npm ci', f'" sh -c \'test "$NPM_TOKEN" = {token} && npm ci\'')
    assert guarded != text
    (tmp_path / "Dockerfile").write_text(guarded)
    secret = tmp_path.parent / f"{token}.secret"
    secret.write_text(token)
    options = ("--secret", f"id=NPM_TOKEN,src={secret}", "--target", "build")
    try:
        with image(tmp_path, *options) as name:
            search = f"grep -rl {token} /app --include=.npmrc || grep -rl {token} /root || echo nowhere"
            assert docker("run", "--rm", name, "sh", "-c", search) == "nowhere"
    finally:
        os.unlink(secret)


def test_the_static_files_alone(tmp_path: Path, token: str) -> None:
    nuxt_stand_in.make(tmp_path, token)
    (tmp_path / "package-lock.json").write_text(json.dumps(nuxt_stand_in.NPM_LOCK))
    (tmp_path / ".nvmrc").write_text("22")
    _write(tmp_path, Options(cdn=True))
    target = tmp_path / "out"
    docker("buildx", "build", "--target", "assets", "--output", f"type=local,dest={target}", str(tmp_path))
    assert token in (target / "_nuxt" / "entry.js").read_text()
    assert not (target / "server").exists()


def test_static_output_is_served_without_root(tmp_path: Path, token: str) -> None:
    nuxt_stand_in.make(tmp_path, token)
    (tmp_path / "package-lock.json").write_text(json.dumps(nuxt_stand_in.NPM_LOCK))
    (tmp_path / "Dockerfile").write_text(
        "FROM node:22 AS build\nCOPY . .\nRUN npm install && npm run generate\n"
        "FROM nginx:stable-alpine\nCOPY --from=build /.output/public /usr/share/nginx/html\nEXPOSE 80\n"
    )
    _write(tmp_path)
    with image(tmp_path) as name, running(name, 80) as container:
        assert container.get().body == "home"
        assert container.get("/products/1").body == "fallback"
        assert "immutable" in container.get("/_nuxt/entry.js").headers["Cache-Control"]
        assert container.get("/_nuxt/builds/latest.json").headers["Cache-Control"] == "no-cache"
        assert docker("exec", container.name, "id", "-un") == "nginx"
        assert container.health() == "healthy"
        assert container.stop()[0] < 3

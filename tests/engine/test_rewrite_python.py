"""A rewritten Python project builds, answers, writes where it wrote, and stops."""

import json
from pathlib import Path

import pytest

from dockeropt.rewrite.rewriter import rewrite
from tests.engine.builds import build
from tests.engine.containers import docker, image, running

pytestmark = pytest.mark.engine

APP = """\
import os
import sqlite3

from bottle import default_app, get, run


@get("/")
def index():
    with sqlite3.connect("visits.sqlite3") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visits (word TEXT)")
        connection.execute("INSERT INTO visits VALUES ('TOKEN')")
        count = connection.execute("SELECT count(*) FROM visits").fetchone()[0]
    return {"visits": count, "uid": os.getuid(), "greeting": os.environ["GREETING"]}


app = default_app()

if __name__ == "__main__":
    run(app, host="0.0.0.0", port=8080)
"""
DOCKERFILE = """\
FROM python:3.13-slim
RUN apt-get update && apt-get install -y gcc
ENV GREETING hello
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN python -c "open('made.txt', 'w').write('in the build')"
EXPOSE 8080
CMD python app.py
"""


def _write(folder: Path, token: str) -> str:
    (folder / "requirements.txt").write_text("bottle==0.13.4\n")
    (folder / "app.py").write_text(APP.replace("TOKEN", token))
    (folder / "Dockerfile").write_text(DOCKERFILE)
    outcome = rewrite(str(folder), None)
    assert not outcome.is_in_place
    (folder / "Dockerfile").write_text(outcome.rewritten.dockerfile)
    (folder / ".dockerignore").write_text(outcome.rewritten.ignore)
    return outcome.rewritten.dockerfile


def test_it_builds_answers_writes_and_stops(tmp_path: Path, token: str) -> None:
    context = tmp_path / f"python-{token}"
    context.mkdir()
    _write(context, token)
    with image(context) as name:
        assert docker("run", "--rm", name, "sh", "-c", "command -v gcc || echo none") == "none"
        with running(name, 8080) as container:
            answer = json.loads(container.get().body)
            assert (answer["uid"], answer["greeting"]) == (1000, "hello")
            assert json.loads(container.get().body)["visits"] == answer["visits"] + 1
            owner = docker("exec", container.name, "stat", "-c", "%U", "made.txt", "visits.sqlite3")
            assert owner.split() == ["app", "app"]
            assert container.stop()[0] < 3
        (context / "app.py").write_text(APP.replace("TOKEN", f"again {token}"))
        ran = build(context).ran.values()
        assert any(step.startswith("COPY --chown=app:app . .") for step in ran)
        assert not any("pip" in step or "apt-get" in step for step in ran)

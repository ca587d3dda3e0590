"""Rewritten Node projects build, answer, write beside their sources and end on SIGTERM."""

import shutil
from pathlib import Path

import pytest

from dockeropt.measure.equivalence import Wanted, prove
from dockeropt.measure.model import Candidate
from dockeropt.rewrite.rewriter import rewrite
from tests.engine.containers import docker, image, running

pytestmark = pytest.mark.engine

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"


def _write(name: str, folder: Path) -> Path:
    project = folder / name
    shutil.copytree(PROJECTS / name, project)
    made = rewrite(str(project), None).rewritten
    (project / "Dockerfile").write_text(made.dockerfile)
    (project / ".dockerignore").write_text(made.ignore)
    return project


def test_a_plain_server_writes_as_its_user_and_ends_on_sigterm(tmp_path: Path) -> None:
    with image(_write("koa-uploads", tmp_path)) as name, running(name, 3001) as container:
        assert container.get("/health").status == 200
        docker("exec", container.name, "sh", "-c", "echo kept > uploads/new.txt")
        assert container.get("/new.txt").body.strip() == "kept"
        assert docker("exec", container.name, "id", "-u").strip() == "1000"
        seconds, code = container.stop()
        assert seconds < 3
        assert code == 143


def test_a_new_image_that_answers_otherwise_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    server = "require('http').createServer((q, r) => {{ r.statusCode = {}; r.end() }}).listen(3000)"
    text = 'FROM node:22-alpine\nEXPOSE 3000\nCMD ["node", "-e", "{}"]\n'
    before, after = (
        Candidate(name, text.format(server.format(status)), None, name)
        for name, status in (("before", 200), ("after", 500))
    )
    proof = prove(str(tmp_path), before, after, Wanted())
    assert proof.failures[0].what == "/: status 500, where the old one says 200"
    assert prove(str(tmp_path), before, before, Wanted()).failures == ()

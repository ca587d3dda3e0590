"""``rewrite --verify --write`` by command: on slim where Alpine fails, and not at all where both do."""

import json
from pathlib import Path

import pytest

from dockeropt.cli.main import main

pytestmark = pytest.mark.engine

OLD = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8080\nCMD ["node", "server.js"]\n'
SERVER = """\
const { existsSync } = require("fs");
if (%s) throw new Error("%s");
require("http").createServer((_, answer) => answer.end("TOKEN")).listen(8080);
"""


def _project(folder: Path, token: str, is_wrong: str, says: str) -> Path:
    (folder / "package.json").write_text(json.dumps({"name": "app", "dependencies": {}}))
    (folder / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": {"": {}}}))
    (folder / "server.js").write_text((SERVER % (is_wrong, says)).replace("TOKEN", token))
    (folder / "Dockerfile").write_text(OLD)
    return folder


def test_slim_is_written_where_the_image_on_alpine_fails(
    tmp_path: Path, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # as a native module does that is made for glibc alone: only Debian's images have dpkg
    project = _project(tmp_path, token, '!existsSync("/usr/bin/dpkg")', "no glibc")
    assert main(["rewrite", "--verify", "--write", str(project)]) == 0
    output = capsys.readouterr()
    assert "the image on Alpine fails; slim is tried\n" in output.err
    assert "the new image does what the old one does\n" in output.out
    assert "FROM node:22-slim\n" in (project / "Dockerfile").read_text()


def test_nothing_is_written_where_the_new_image_fails(
    tmp_path: Path, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project = _project(tmp_path, token, "process.getuid() !== 0", "only root may")
    with pytest.raises(SystemExit) as ended:
        main(["rewrite", "--verify", "--write", "--base", "slim", str(project)])
    assert ended.value.code == 1
    output = capsys.readouterr()
    assert "FAILS: the container ended" in output.out
    assert "only root may" in output.out
    assert output.err.endswith("nothing is written: the new image fails where the old one works\n")
    assert (project / "Dockerfile").read_text() == OLD
    assert not (project / ".dockerignore").exists()

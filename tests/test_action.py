"""The GitHub Action: its scripts run as a runner would run them, and its workflows are what GitHub takes."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.measure.image.archives import archive, layer, oci_layout
from tests.workflow_checks import ACTION, GITLAB, WORKFLOW, actionlint_faults, schema_faults

ROOT = Path(__file__).parent.parent
DEFINITION: Any = yaml.safe_load((ROOT / "action.yml").read_text())


def blocks(page: str) -> list[str]:
    """Return the YAML examples of a page."""
    return re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)


WORKFLOWS = [block for block in blocks("ci.md") if "runs-on:" in block]
PIPELINES = [block for block in blocks("ci.md") if "runs-on:" not in block]


def test_the_pages_have_examples() -> None:
    assert (len(WORKFLOWS), len(PIPELINES)) == (2, 1)


def test_the_action_is_one() -> None:
    assert list(schema_faults(ACTION, DEFINITION)) == []


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_workflows_of_the_pages_keep_to_the_schema_and_the_action(workflow: str) -> None:
    # YAML 1.1 reads the key `on` as true.
    read: Any = {"on" if key is True else key: value for key, value in yaml.safe_load(workflow).items()}
    assert list(schema_faults(WORKFLOW, read)) == []
    steps = [step for job in read["jobs"].values() for step in job["steps"]]
    (used,) = (step for step in steps if step.get("uses", "").startswith("dockeropt/"))
    assert set(used["with"]) <= set(DEFINITION["inputs"])


@pytest.mark.actionlint
@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_actionlint_finds_nothing(workflow: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "actionlint"
    assert actionlint_faults(workflow, folder) == []
    (fault, *_) = actionlint_faults(workflow.replace("runs-on", "runs-at"), folder)
    assert "runs-" in fault


@pytest.mark.parametrize("text", [*PIPELINES, (ROOT / "templates/ci/gitlab-checks.yml").read_text()])
def test_pipelines_keep_to_gitlabs_schema(text: str) -> None:
    assert list(schema_faults(GITLAB, yaml.safe_load(text))) == []


def test_every_input_is_used_and_told() -> None:
    text = (ROOT / "action.yml").read_text()
    page = (ROOT / "docs" / "ci.md").read_text()
    for name in DEFINITION["inputs"]:
        assert re.search(rf"inputs\.{name}\b", text)
        assert f"| `{name}` |" in page


class _Api:
    """The part of GitHub's and GitLab's API that comments go through."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = [{"id": 1, "body": "somebody's"}]
        self.asked: list[tuple[str, str]] = []
        self.status = 200


@contextmanager
def api() -> Iterator[tuple[_Api, str]]:
    """Serve the API on loopback and yield it with its address."""
    state = _Api()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            state.asked.append((self.command, self.path.partition("?")[0]))
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            status = state.status if token.removeprefix("Bearer ") == "t0ken" else 401
            if status == 200 and self.command == "POST":
                state.comments.append({"id": len(state.comments) + 1, **body})
            elif status == 200 and self.command in ("PATCH", "PUT"):
                state.comments[int(self.path.rpartition("/")[2]) - 1].update(body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(state.comments).encode())

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 - as http.server asks for them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Runner:
    """A folder with an image in it, and what a runner sets before it runs the action's scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.summary = folder / "summary.md"
        self.variables = {
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "team/app",
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_API_URL": "http://127.0.0.1:1",
        }
        # What the first step would install is this checkout's own environment.
        (folder / "temp" / "dockeropt").mkdir(parents=True)
        (folder / "temp" / "dockeropt" / "bin").symlink_to(Path(sys.executable).parent)
        (folder / "event.json").write_text(json.dumps({"pull_request": {"number": 7}}))
        (folder / "image.tar").write_bytes(archive(oci_layout([layer({"app/a": b"x" * 1000})])).getvalue())

    def run(self, **inputs: str) -> "subprocess.CompletedProcess[str]":
        """Run the step of the command with these inputs, and return how it ended."""
        values = {name: str(each.get("default", "")) for name, each in DEFINITION["inputs"].items()}
        values |= {name.replace("_", "-"): value for name, value in inputs.items()}
        values["token"] = "t0ken"
        command = values["command"]
        wanted = f"inputs.command == '{command}'" if command in ("lint", "gate") else "inputs.command !="
        (step,) = (s for s in DEFINITION["runs"]["steps"] if s.get("if", "").startswith(wanted))
        variables = {name: _expand(text, values) for name, text in step["env"].items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env={**os.environ, **self.variables, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )


def _expand(text: str, inputs: Mapping[str, str]) -> str:
    found = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
    assert found is not None, f"{text} is more than a test of ours can read"
    return inputs[found[1]]


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_scripts_take_their_values_from_variables_alone() -> None:
    for step in DEFINITION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_lint_annotates_sums_up_and_writes_sarif(runner: Runner) -> None:
    (runner.folder / "Dockerfile").write_text("FROM node:latest\n")
    done = runner.run(options="--select=DL3007\n\n", paths="Dockerfile\n")
    assert done.returncode == 1, done.stderr
    assert "::" in done.stdout
    assert "DL3007" in done.stdout
    sarif = json.loads((runner.folder / "dockeropt.sarif").read_text())
    assert [each["ruleId"] for each in sarif["runs"][0]["results"]] == ["DL3007"]
    assert "DL3007" in runner.summary.read_text()


def test_lint_of_a_clean_file_passes(runner: Runner) -> None:
    (runner.folder / "Dockerfile").write_text("FROM node:22\n")
    assert runner.run(options="--select=DL3007").returncode == 0
    assert json.loads((runner.folder / "dockeropt.sarif").read_text())["runs"][0]["results"] == []


def test_names_with_blanks_and_leading_dashes_are_files(runner: Runner) -> None:
    (runner.folder / "-a b.Dockerfile").write_text("FROM node:latest\n")
    done = runner.run(options="--select=DL3007", paths="-a b.Dockerfile")
    assert done.returncode == 1, done.stderr
    assert "a b.Dockerfile" in done.stdout


def test_wrong_use_fails_the_job(runner: Runner) -> None:
    assert runner.run(options="--select=DL9999").returncode == 2
    done = runner.run(command="::stop$(id)")
    assert done.returncode == 2
    assert "::error title=dockeropt::stopid is no command of this action" in done.stdout


def test_the_gate_comments_once_and_replaces_it(runner: Runner) -> None:
    with api() as (state, address):
        runner.variables["GITHUB_API_URL"] = address
        first = runner.run(command="gate", subject="image.tar", options="--max-size=1MB")
        assert first.returncode == 0, first.stderr
        second = runner.run(command="gate", subject="image.tar", options="--max-size=10B")
        assert second.returncode == 1, second.stderr
        bodies = [each["body"] for each in state.comments]
        assert len(bodies) == 2
        assert bodies[0] == "somebody's"
        assert bodies[1].startswith("<!-- dockeropt gate -->\n### ❌")
        assert [method for method, _ in state.asked] == ["GET", "POST", "GET", "PATCH"]
        assert state.asked[1][1] == "/repos/team/app/issues/7/comments"
        assert state.asked[3][1] == "/repos/team/app/issues/comments/2"
    assert "### ❌" in runner.summary.read_text()


@pytest.mark.parametrize("how", ["refused", "unreachable"])
def test_a_comment_that_cannot_be_posted_does_not_change_the_verdict(runner: Runner, how: str) -> None:
    with api() as (state, address):
        state.status = 403
        runner.variables["GITHUB_API_URL"] = address if how == "refused" else "http://127.0.0.1:1"
        done = runner.run(command="gate", subject="image.tar", options="--max-size=1MB")
    assert done.returncode == 0, done.stderr
    assert "::notice title=dockeropt::the comment could not be posted" in done.stdout
    assert ("pull-requests: write" in done.stderr) == (how == "refused")
    assert "### ✅" in runner.summary.read_text()


def test_outside_a_pull_request_nothing_is_posted(runner: Runner) -> None:
    (runner.folder / "event.json").write_text("{}")
    done = runner.run(command="gate", subject="image.tar", options="--max-size=1MB")
    assert done.returncode == 0
    assert "no pull or merge request to comment on" in done.stderr


def test_an_image_that_cannot_be_read_is_no_regression(runner: Runner) -> None:
    (runner.folder / "image.tar").write_bytes(b"no archive")
    assert runner.run(command="gate", subject="image.tar", options="--max-size=1MB").returncode == 4


def test_a_merge_request_gets_its_note(tmp_path: Path) -> None:
    (tmp_path / "gate.md").write_text("<!-- dockeropt gate -->\n### one\n")
    with api() as (state, address):
        variables = {
            "GITLAB_CI": "true",
            "CI_MERGE_REQUEST_IID": "3",
            "CI_PROJECT_ID": "12",
            "CI_API_V4_URL": address,
            "GITLAB_TOKEN": "t0ken",
        }
        environment = {**os.environ, **variables}
        environment.pop("GITHUB_ACTIONS", None)
        command = [sys.executable, "-m", "dockeropt", "comment", str(tmp_path / "gate.md")]
        for _ in range(2):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
        notes = "/projects/12/merge_requests/3/notes"
        assert state.asked == [("GET", notes), ("POST", notes), ("GET", notes), ("PUT", f"{notes}/2")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "there is no file", id="no file"),
        pytest.param("hello\n", "has no mark of dockeropt", id="a file of another kind"),
    ],
)
def test_what_is_no_report_is_not_posted(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "a.md"
    if text is not None:
        file.write_text(text)
    command = [sys.executable, "-m", "dockeropt", "comment", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_action_installs_from_its_own_checkout(tmp_path: Path) -> None:
    step = DEFINITION["runs"]["steps"][0]
    assert step["env"] == {"SOURCE": "${{ github.action_path }}"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        env={**os.environ, "RUNNER_TEMP": str(tmp_path), "SOURCE": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    program = tmp_path / "dockeropt" / "bin" / "dockeropt"
    told = subprocess.run(
        [program, "rule", "DL3007"], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert "DL3007" in told.stdout

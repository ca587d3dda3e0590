"""What commits rerun and what of that they need, by small histories."""

from pathlib import Path

import pytest

from dockeropt.errors import UsageError
from dockeropt.replay.replay import Options, Other
from tests.replay.replays import Count, counts, history_of, replayed
from tests.replay.repository import Files, Link, Program, Repository, repository

_COPY_FIRST = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n"
_MANIFESTS_FIRST = (
    "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n"
    "RUN npm run build\n"
)
_APP: Files = {"package.json": "{}", "package-lock.json": "{}", "src/a.js": "1", "README.md": "#"}
_EDITS: tuple[Files, ...] = (
    {"src/a.js": "2"},
    {"src/b.js": "1"},
    {"package.json": '{"a":1}', "package-lock.json": '{"a":1}'},
    {},
    {"README.md": "# 2"},
)


def _app(folder: Path, dockerfile: str, *edits: Files, **files: str) -> Repository:
    return repository(folder, {**_APP, "Dockerfile": dockerfile, **files}, *edits)


def test_an_install_after_all_files_reruns_with_each_and_needs_few(tmp_path: Path) -> None:
    _app(tmp_path, _COPY_FIRST, *_EDITS)
    assert replayed(tmp_path) == {
        "WORKDIR /app": Count(0, 0, 0),
        "COPY . .": Count(4, 4, 4),
        "RUN npm ci": Count(4, 4, 1),
        "RUN npm run build": Count(4, 4, 4),
    }


def test_an_install_after_its_manifests_reruns_when_it_needs_to(tmp_path: Path) -> None:
    _app(tmp_path, _MANIFESTS_FIRST, *_EDITS)
    assert replayed(tmp_path) == {
        "WORKDIR /app": Count(0, 0, 0),
        "COPY package.json package-lock.json ./": Count(1, 1, 1),
        "RUN npm ci": Count(1, 1, 1),
        "COPY . .": Count(4, 4, 4),
        "RUN npm run build": Count(4, 4, 4),
    }


@pytest.mark.parametrize(
    ("edit", "reruns"),
    [
        pytest.param({".dockerignore": "*.md\n"}, 1, id="a .dockerignore that comes"),
        pytest.param({"src/a.js": Program("1")}, 1, id="a mode"),
        pytest.param({"src/a.js": None, "src/z.js": "1"}, 1, id="a rename"),
        pytest.param({"src/a.js": None, "lib/a.js": "1"}, 1, id="a move"),
        pytest.param({"Dockerfile": _COPY_FIRST + "LABEL a=1\n"}, 1, id="the Dockerfile, which is copied"),
        pytest.param({"l": Link("src")}, 1, id="a link"),
        pytest.param({}, 0, id="nothing"),
    ],
)
def test_an_edit_reruns_a_copy_of_everything(tmp_path: Path, edit: Files, reruns: int) -> None:
    _app(tmp_path, _COPY_FIRST, edit)
    assert replayed(tmp_path)["COPY . ."].most == reruns


def test_a_dockerignore_counts_from_the_commit_that_brings_it(tmp_path: Path) -> None:
    edits: tuple[Files, ...] = (
        {"README.md": "# 2"},
        {".dockerignore": "*.md\n.dockerignore\n"},
        {"README.md": "# 3"},
        {"docs/a.md": "# 1", "b.md": "# 1"},
        {".dockerignore": None},
        {"README.md": "# 4"},
    )
    _app(tmp_path, _COPY_FIRST, *edits)
    assert replayed(tmp_path)["COPY . ."].most == 5


def test_the_dockerignore_of_the_dockerfile_goes_before_the_context_s(tmp_path: Path) -> None:
    _app(
        tmp_path,
        _COPY_FIRST,
        {"README.md": "# 2"},
        {"src/a.js": "2"},
        **{"Dockerfile.dockerignore": "src\n", ".dockerignore": "*.md\n"},
    )
    assert replayed(tmp_path)["COPY . ."].most == 1
    now = history_of(tmp_path, Other("other", b"FROM a\n")).replays[1]
    assert counts(now)["COPY . ."].most == 1


def test_a_changed_step_reruns_with_all_after_it(tmp_path: Path) -> None:
    changed = _MANIFESTS_FIRST.replace("RUN npm ci", "RUN npm ci --ignore-scripts")
    _app(tmp_path, _MANIFESTS_FIRST, {"src/a.js": "2"}, {"Dockerfile": changed}, {"src/a.js": "3"})
    assert replayed(tmp_path) == {
        "WORKDIR /app": Count(0, 0, 0),
        "COPY package.json package-lock.json ./": Count(0, 0, 0),
        "RUN npm ci --ignore-scripts": Count(1, 1, 1),
        "COPY . .": Count(3, 3, 3),
        "RUN npm run build": Count(3, 3, 3),
    }
    first = history_of(tmp_path).replays[0]
    assert first.former_steps == 0
    assert {
        step.name.partition("] ")[2]: step.commits
        for step in first.steps
        if "npm ci" in step.name or "COPY . ." in step.name
    } == {"RUN npm ci --ignore-scripts": 2, "COPY . .": 3}


def test_another_base_image_is_a_need_of_every_step(tmp_path: Path) -> None:
    _app(tmp_path, _MANIFESTS_FIRST, {"Dockerfile": _MANIFESTS_FIRST.replace("node:22", "node:24")})
    assert set(replayed(tmp_path).values()) == {Count(1, 1, 1)}


_STAGES = (
    "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\n"
    "FROM nginx\nCOPY --from=build /app/dist /srv\nRUN chmod -R a+r /srv\n"
)


def test_what_a_stage_hands_over_is_counted_both_ways(tmp_path: Path) -> None:
    _app(tmp_path, _STAGES, *_EDITS)
    found = history_of(tmp_path).replays[0]
    assert counts(found) == {
        "WORKDIR /app": Count(0, 0, 0),
        "COPY . .": Count(4, 4, 4),
        "RUN npm run build": Count(4, 4, 4),
        "COPY --from=build /app/dist /srv": Count(0, 4, 4),
        "RUN chmod -R a+r /srv": Count(0, 4, 4),
    }
    assert found.share == (8 / 25, 16 / 25)
    assert pytest.approx(found.seconds) == (4 * 31 / 5, 4 * 34 / 5)


def test_stages_side_by_side_are_waited_for_once(tmp_path: Path) -> None:
    text = (
        "FROM node:22 AS one\nCOPY . .\nRUN npm run a\n"
        "FROM node:22 AS two\nCOPY . /b\nRUN npm run b\n"
        "FROM nginx\nCOPY --from=one /a /a\nCOPY --from=two /b /b\n"
    )
    _app(tmp_path, text, {"src/a.js": "2"})
    assert history_of(tmp_path).replays[0].seconds == (31, 33)


def test_a_stage_alone_can_be_the_target(tmp_path: Path) -> None:
    _app(tmp_path, _STAGES, *_EDITS)
    options = Options(target="build", has_git=False)
    assert set(counts(history_of(tmp_path, options=options).replays[0])) == {
        "WORKDIR /app",
        "COPY . .",
        "RUN npm run build",
    }


def test_an_argument_that_follows_the_commit_reruns_all_in_its_scope(tmp_path: Path) -> None:
    text = _MANIFESTS_FIRST.replace("WORKDIR", "ARG COMMIT_ID\nWORKDIR")
    _app(tmp_path, text, *_EDITS)
    assert replayed(tmp_path)["RUN npm ci"] == Count(1, 1, 1)
    assert replayed(tmp_path, "COMMIT_ID=*")["RUN npm ci"] == Count(5, 5, 1)
    assert replayed(tmp_path, "*_ID=v*")["RUN npm ci"] == Count(5, 5, 1)
    assert replayed(tmp_path, "COMMIT_ID=1")["RUN npm ci"] == Count(1, 1, 1)
    assert replayed(tmp_path, "OTHER=*")["RUN npm ci"] == Count(1, 1, 1)
    assert history_of(tmp_path).replays[0].volatile == ("COMMIT_ID",)
    assert history_of(tmp_path, arguments=("COMMIT_ID=*",)).replays[0].volatile == ()


def test_a_variable_that_a_step_names_is_its_need(tmp_path: Path) -> None:
    text = "FROM debian\nARG COMMIT_ID\nRUN apt-get install -y curl\nRUN echo $COMMIT_ID\n"
    _app(tmp_path, text, {"src/a.js": "2"})
    assert replayed(tmp_path, "COMMIT_ID=*") == {
        "RUN apt-get install -y curl": Count(1, 1, 0),
        f"RUN echo {_head(tmp_path)}": Count(1, 1, 1),
    }


def _head(folder: Path) -> str:
    return (folder / ".git" / "refs" / "heads" / "main").read_text().strip()


def test_git_itself_counts_where_it_is_copied(tmp_path: Path) -> None:
    _app(tmp_path, _COPY_FIRST, {}, {})
    for has_git, reruns in ((True, 2), (False, 0)):
        found = history_of(tmp_path, options=Options(has_git=has_git)).replays[0]
        assert (has_git, reruns) == (found.takes_git, counts(found)["COPY . ."].most)


@pytest.mark.parametrize("line", [".git", "**/.git", ".git/", ".git/**", "*"])
def test_git_does_not_count_where_dockerignore_leaves_it_out(tmp_path: Path, line: str) -> None:
    _app(tmp_path, _COPY_FIRST, {}, {}, **{".dockerignore": line})
    found = history_of(tmp_path, options=Options()).replays[0]
    assert (found.takes_git, counts(found)["COPY . ."].most) == (False, 0)


def test_git_is_no_part_of_a_folder_below_the_root(tmp_path: Path) -> None:
    repository(tmp_path, {"web/Dockerfile": "FROM a\nCOPY . .\n", "web/a": "1"}, {"b": "1"}, {"web/a": "2"})
    found = history_of(tmp_path / "web", options=Options()).replays[0]
    assert counts(found) == {"COPY . .": Count(1, 1, 1)}


def test_a_mounted_git_folder_is_another_one_in_each_commit(tmp_path: Path) -> None:
    text = "FROM a\nRUN --mount=type=bind,source=.git/HEAD,target=/head make\nCOPY src /src\n"
    _app(tmp_path, text, {}, {"src/a.js": "2"})
    found = counts(history_of(tmp_path, options=Options()).replays[0])
    assert [count.most for count in found.values()] == [2, 2]


def test_a_submodule_counts_by_its_commit(tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"x/y": "1"})
    text = "FROM a\nCOPY sub/x /x\nCOPY src /src\n"
    made = repository(tmp_path / "own", {"Dockerfile": text, "src/a": "1"})
    made.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"{tmp_path}/other", "sub")
    made.commit()
    made.commit({"README.md": "1"})
    other.commit({"x/y": "2"})
    made.git("-C", "sub", "pull", "--quiet")
    made.commit()
    assert [count.most for count in replayed(tmp_path / "own").values()] == [2, 2]


def test_a_pointer_of_git_lfs_stands_for_its_file(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9\n"
    text = "FROM a\nCOPY model.bin /\n"
    first: Files = {"Dockerfile": text, "model.bin": pointer.format("1" * 64)}
    repository(tmp_path, first, {"b": "1"}, {"model.bin": pointer.format("2" * 64)})
    assert replayed(tmp_path) == {"COPY model.bin /": Count(1, 1, 1)}


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param("", id="as it is"),
        pytest.param("# and a comment\n", id="with an edit"),
    ],
)
def test_a_dockerfile_is_followed_where_it_moved(tmp_path: Path, moved: str) -> None:
    first: Files = {"Dockerfile": _COPY_FIRST, "src/a.js": "1"}
    move: Files = {"Dockerfile": None, "docker/Dockerfile": _COPY_FIRST + moved}
    repository(tmp_path, first, {"src/a.js": "2"}, move, {"src/a.js": "3"})
    found = history_of(tmp_path, dockerfile=str(tmp_path / "docker" / "Dockerfile")).replays[0]
    assert (found.commits, found.dockerfile) == (3, "docker/Dockerfile")
    assert counts(found)["COPY . ."] == Count(3, 3, 3)


def test_commits_before_the_first_dockerfile_do_not_count(tmp_path: Path) -> None:
    repository(tmp_path, _APP, {"src/a.js": "2"}, {"Dockerfile": _COPY_FIRST}, {"src/a.js": "3"})
    found = history_of(tmp_path).replays[0]
    assert (1, Count(1, 1, 1)) == (found.commits, counts(found)["COPY . ."])


def test_a_commit_that_cannot_be_built_leaves_the_layers_of_the_one_before(tmp_path: Path) -> None:
    broken = "FROM a\nCOPY\n"
    _app(
        tmp_path,
        _MANIFESTS_FIRST,
        {"Dockerfile": broken, "package.json": "1"},
        {"Dockerfile": _MANIFESTS_FIRST},
    )
    found = history_of(tmp_path).replays[0]
    assert (found.commits, found.refused) == (1, 1)
    assert counts(found)["RUN npm ci"] == Count(1, 1, 1)


def test_another_dockerfile_is_held_over_the_same_commits(tmp_path: Path) -> None:
    _app(tmp_path, _COPY_FIRST, *_EDITS)
    other = Other("after", _MANIFESTS_FIRST.encode())
    leaner = Other("leaner", _COPY_FIRST.encode(), "**/*.md\n", True)
    history, now, after, lean = history_of(tmp_path, other, leaner).replays
    assert [each.is_held for each in (history, now, after, lean)] == [False, True, True, True]
    assert [counts(each)["RUN npm ci"].most for each in (history, now, after, lean)] == [4, 4, 1, 3]


def test_a_dockerfile_that_is_in_no_commit_is_held(tmp_path: Path) -> None:
    made = repository(tmp_path / "own", _APP, *_EDITS)
    made.write({"Dockerfile": _COPY_FIRST})
    (now,) = history_of(tmp_path / "own").replays
    assert (True, Count(4, 4, 1)) == (now.is_held, counts(now)["RUN npm ci"])
    outside = tmp_path / "Dockerfile.outside"
    outside.write_text(_MANIFESTS_FIRST)
    (now,) = history_of(tmp_path / "own", dockerfile=str(outside)).replays
    assert (True, Count(1, 1, 1)) == (now.is_held, counts(now)["RUN npm ci"])


def test_what_is_copied_and_not_there_is_told(tmp_path: Path) -> None:
    _app(tmp_path, "FROM a\nCOPY dist src/*.js *.ts /app/\n", {"src/a.js": "2"})
    assert history_of(tmp_path).replays[0].missing == ("dist", "*.ts")


def test_names_that_are_not_utf_8_are_files_as_any(tmp_path: Path) -> None:
    _app(tmp_path, "FROM a\nCOPY src /\n", {"src/\udcff\n": "1"}, {"src/\udcff\n": "2"}, {"\udcff": "1"})
    assert replayed(tmp_path) == {"COPY src /": Count(2, 2, 2)}


def test_one_commit_has_nothing_before_it(tmp_path: Path) -> None:
    _app(tmp_path, _COPY_FIRST)
    with pytest.raises(UsageError, match="main has one commit"):
        history_of(tmp_path)


def test_no_dockerfile(tmp_path: Path) -> None:
    repository(tmp_path, {"a": "1"}, {"a": "2"})
    with pytest.raises(UsageError, match="there is no Dockerfile in main"):
        history_of(tmp_path)


def test_no_dockerfile_that_builds(tmp_path: Path) -> None:
    repository(tmp_path, {"Dockerfile": "COPY\n"}, {"a": "2"})
    with pytest.raises(UsageError, match="BuildKit refuses Dockerfile in every commit of main"):
        history_of(tmp_path)

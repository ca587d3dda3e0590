"""Reading, writing and listing files, on a real file system."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dockeropt.errors import UsageError
from dockeropt.files import (
    LARGEST_DOCKERFILE,
    find_dockerfiles,
    is_dockerfile_name,
    list_files,
    read_source,
    read_text,
    source_of,
    write_atomically,
)


def test_a_source_keeps_every_byte(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfFROM a\r\nRUN \xff\xfe echo\n"
    path = tmp_path / "Dockerfile"
    path.write_bytes(data)
    source = read_source(str(path))
    assert (str(path), data) == (source.path, source.encode(source.text))


def _nothing(path: Path) -> None:
    del path


def _folder(path: Path) -> None:
    path.mkdir()


def _holding(data: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(data)

    return write


def _sparse(size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.touch()
        os.truncate(path, size)

    return write


@pytest.mark.parametrize(
    ("make", "message", "hint"),
    [
        pytest.param(_nothing, "there is no file {}", "check the path", id="missing"),
        pytest.param(_folder, "{} is a folder", "name the file, such as {}/Dockerfile", id="folder"),
        pytest.param(
            _holding(b"\x7fELF\0\0"),
            "{} is binary data, not a Dockerfile",
            "name the Dockerfile itself",
            id="binary",
        ),
        pytest.param(
            _holding("FROM a\n".encode("utf-16")),
            "{} is UTF-16 text, which BuildKit cannot read",
            "save it as UTF-8",
            id="UTF-16",
        ),
        pytest.param(
            _sparse(100_000_000), "{} has more than 10 MB", "name the Dockerfile itself", id="100 MB"
        ),
        pytest.param(
            _sparse(LARGEST_DOCKERFILE + 1),
            "{} has more than 10 MB",
            "name the Dockerfile itself",
            id="a byte too many",
        ),
    ],
)
def test_what_cannot_be_a_dockerfile(
    tmp_path: Path, make: Callable[[Path], None], message: str, hint: str
) -> None:
    path = tmp_path / "file"
    make(path)
    with pytest.raises(UsageError) as raised:
        read_source(str(path))
    assert (message.format(path), hint.format(path)) == (raised.value.message, raised.value.hint)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("a\0b", id="NUL in the path"),
        pytest.param("/dev/null/a", id="below a file"),
        pytest.param("a" * 300, id="name too long"),
    ],
)
def test_a_path_that_cannot_be_opened(path: str) -> None:
    with pytest.raises(UsageError, match="cannot read "):
        read_source(path)


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(UsageError, match="has more than 10 MB"):
        read_source("/dev/zero")


def test_bytes_from_standard_input_are_checked_too() -> None:
    with pytest.raises(UsageError, match="- is binary data"):
        source_of(b"a\0", "-")


def test_a_text_that_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x\xff")
    assert (read_text(str(tmp_path / "a")), read_text(str(tmp_path / "b"))) == ("x\udcff", None)
    with pytest.raises(UsageError, match="is a folder"):
        read_text(str(tmp_path))


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o444])
def test_writing_keeps_the_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("old")
    path.chmod(mode)
    write_atomically(str(path), b"new")
    assert (b"new", mode) == (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    assert os.listdir(tmp_path) == ["Dockerfile"]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    write_atomically(str(tmp_path / "new"), b"x")
    (tmp_path / "usual").write_bytes(b"x")
    assert (tmp_path / "usual").stat().st_mode == (tmp_path / "new").stat().st_mode


def test_writing_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomically("Dockerfile", b"x")
    assert (tmp_path / "Dockerfile").read_bytes() == b"x"


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    target = tmp_path / "docker" / "Dockerfile"
    target.write_text("old")
    link = tmp_path / "Dockerfile"
    link.symlink_to("docker/Dockerfile")
    write_atomically(str(link), b"new")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")


def test_a_link_in_a_folder_of_the_project_may_point_up_to_its_root(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "Dockerfile").write_text("old")
    link = tmp_path / "sub" / "Dockerfile"
    link.symlink_to("../Dockerfile")
    with pytest.raises(UsageError, match=r"is a link to .*, outside "):
        write_atomically(str(link), b"new")
    write_atomically(str(link), b"new", str(tmp_path))
    assert (tmp_path / "Dockerfile").read_bytes() == b"new"


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    outside = tmp_path / "project-secret"
    outside.write_text("old")
    link = tmp_path / "project" / "Dockerfile"
    link.symlink_to(outside)
    with pytest.raises(UsageError, match=r"is a link to .*, outside "):
        write_atomically(str(link), b"new", str(tmp_path / "project"))
    assert outside.read_text() == "old"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("none/file", "cannot write {}: no such file or directory", id="no such folder"),
        pytest.param("folder", "cannot write {}: it is not a file", id="folder in its place"),
        pytest.param("file/x", "cannot write {}: not a directory", id="below a file"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    path = str(tmp_path / name)
    with pytest.raises(UsageError) as raised:
        write_atomically(path, b"x")
    assert message.format(path) == raised.value.message
    assert {"folder", "file"} == set(os.listdir(tmp_path))


def _allow_only_4096_bytes() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_a_write_that_stops_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("old")
    program = (
        "from dockeropt.errors import UsageError\n"
        "from dockeropt.files import write_atomically\n"
        "try:\n"
        f"    write_atomically({str(path)!r}, b'x' * 100_000)\n"
        "except UsageError as error:\n"
        "    print(error.message)\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        preexec_fn=_allow_only_4096_bytes,
    )
    assert f"cannot write {path}: file too large\n" == finished.stdout
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["Dockerfile"])


def _make(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x" * len(path))


def test_files_are_listed_by_path_with_size_and_mode(tmp_path: Path) -> None:
    _make(tmp_path, "b", "a/c", "a-b", "é")
    (tmp_path / "b").chmod(0o750)
    (tmp_path / "empty").mkdir()
    listed = list_files(str(tmp_path))
    assert [file.path for file in listed] == ["a-b", "a/c", "b", "é"]
    assert listed[2] == ("b", 1, 0o750)


def test_links_are_listed_not_followed(tmp_path: Path) -> None:
    _make(tmp_path, "real/file")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "gone").symlink_to("nowhere")
    listed = {file.path: file.size for file in list_files(str(tmp_path))}
    assert listed == {"real/file": 9, "loop": 1, "gone": 7}


def test_a_pruned_folder_is_not_walked(tmp_path: Path) -> None:
    _make(tmp_path, "node_modules/a/b", "src/node_modules/c", "src/d")
    asked: list[str] = []

    def prunes(path: str) -> bool:
        asked.append(path)
        return path == "node_modules"

    assert [file.path for file in list_files(str(tmp_path), prunes)] == ["src/d", "src/node_modules/c"]
    assert {"node_modules", "src", "src/node_modules"} == set(asked)


def test_names_that_are_not_utf_8_survive(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe"
    with open(name, "wb"):
        pass
    assert [os.fsencode(file.path) for file in list_files(str(tmp_path))] == [b"\xff\xfe"]


@pytest.mark.parametrize("name", [pytest.param("none", id="missing"), pytest.param("file", id="a file")])
def test_a_root_that_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot read the folder"):
        list_files(str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        pytest.param("Dockerfile", True, id="plain"),
        pytest.param("dockerfile", True, id="lower case"),
        pytest.param("Dockerfile.prod", True, id="ending"),
        pytest.param("api.Dockerfile", True, id="beginning"),
        pytest.param("api.dockerfile", True, id="beginning, lower case"),
        pytest.param("Containerfile", True, id="podman"),
        pytest.param("Containerfile.dev", True, id="podman with an ending"),
        pytest.param("Dockerfile.dockerignore", False, id="ignore file"),
        pytest.param("Dockerfile.j2", False, id="template"),
        pytest.param("Dockerfile.md", False, id="text about one"),
        pytest.param("Dockerfile~", False, id="backup"),
        pytest.param("Dockerfile.", False, id="dot at the end"),
        pytest.param("MyDockerfile", False, id="no dot between"),
        pytest.param(".dockerfile", False, id="nothing before the dot"),
        pytest.param("docker-compose.yml", False, id="compose file"),
    ],
)
def test_names_of_dockerfiles(name: str, is_one: bool) -> None:
    assert is_one == is_dockerfile_name(name)


def test_dockerfiles_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "Dockerfile", "a/b/Dockerfile.x", "a/c", "z.dockerfile", "node_modules/p/Dockerfile")
    _make(tmp_path, ".git/Dockerfile", "env/pyvenv.cfg", "env/lib/Dockerfile", ".devcontainer/Dockerfile")
    (tmp_path / "Dockerfile.folder").mkdir()
    (tmp_path / "Dockerfile.gone").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(".")
    expected = (".devcontainer/Dockerfile", "Dockerfile", "a/b/Dockerfile.x", "z.dockerfile")
    monkeypatch.chdir(tmp_path)
    assert expected == find_dockerfiles(".")
    assert tuple(f"{tmp_path}/{path}" for path in expected) == find_dockerfiles(str(tmp_path))
    assert find_dockerfiles("a/c", "a", "a/b") == ("a/c", "a/b/Dockerfile.x")


def test_a_root_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        find_dockerfiles(str(tmp_path / "none"))


def test_importing_loads_nothing_slow() -> None:
    program = (
        "import sys; before = set(sys.modules); import dockeropt.files, dockeropt.semantics.resolver\n"
        "slow = {'pathlib', 'subprocess', 'tempfile', 'dataclasses', 'inspect'}\n"
        "print(sorted(slow & set(sys.modules) - before))"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert finished.stdout == "[]\n"

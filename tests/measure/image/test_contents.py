import pytest

from dockeropt.measure.image.contents import Contents, contents_of
from dockeropt.measure.image.tar import Entry, Kind
from dockeropt.measure.image.tree import tree_of


def contents(*layers: dict[str, int | tuple[int, bytes]]) -> Contents:
    """Return the contents of layers of files, each with its size and, where it matters, its digest."""
    made = [
        [
            Entry(path, Kind.FILE, *(given if isinstance(given, tuple) else (given, path.encode())))
            for path, given in layer.items()
        ]
        for layer in layers
    ]
    return contents_of(tree_of(made))


def test_folders_are_named_as_deep_as_they_tell_something() -> None:
    found = contents(
        {"usr/lib/a.so": 400, "usr/lib/deep/b.so": 1, "usr/bin/node": 300, "etc/x": 1},
        {"app/server.js": 50, "app/node_modules/vue/vue.js": 200},
    )
    assert [(each.path, each.size, each.layer) for each in found.folders] == [
        ("/usr/lib", 401, 0),
        ("/usr/bin", 300, 0),
        ("/app/node_modules/vue", 200, 1),
        ("/app", 50, 1),
    ]
    assert (found.size, found.number) == (952, 6)
    assert found.files[0].path == "/usr/lib/a.so"


def test_copies_of_a_file_are_found_by_their_content() -> None:
    found = contents(
        {"a": (5000, b"x"), "b": (5000, b"x"), "c": (5000, b"y"), "d": (10, b"z"), "e": (10, b"z")}
    )
    assert [(each.paths, each.wasted) for each in found.duplicates] == [(("/a", "/b"), 5000)]


@pytest.mark.parametrize(
    ("path", "kind", "place"),
    [
        ("app/.git/objects/pack/p", "version control", "/app/.git"),
        ("var/lib/apt/lists/deb.debian.org_Packages", "package manager's cache", "/var/lib/apt/lists"),
        ("root/.npm/_cacache/content-v2/a", "package manager's cache", "/root/.npm/_cacache"),
        ("home/node/.cache/pip/http/x", "package manager's cache", "/home/node/.cache/pip"),
        ("usr/lib/gcc/x86_64-linux-gnu/12/cc1", "build tool", "/usr/lib/gcc"),
        ("usr/lib/llvm-19/bin/clang", "build tool", "/usr/lib/llvm-19"),
        ("usr/bin/x86_64-linux-gnu-gcc-12", "build tool", "/usr/bin/x86_64-linux-gnu-gcc-12"),
        ("usr/local/bin/make", "build tool", "/usr/local/bin/make"),
        ("app/node_modules/typescript/lib/tsc.js", "development dependency", "/app/node_modules/typescript"),
        ("app/node_modules/@types/node/index.d.ts", "development dependency", "/app/node_modules/@types"),
        (
            "app/.venv/lib/python3.13/site-packages/mypy/main.py",
            "development dependency",
            "/app/.venv/lib/python3.13/site-packages/mypy",
        ),
    ],
)
def test_what_no_running_program_needs(path: str, kind: str, place: str) -> None:
    (found,) = contents({path: 100, "app/server.js": 1}).left_over
    assert (found.kind.value, found.place.path, found.place.size) == (kind, place, 100)
    assert found.remedy


@pytest.mark.parametrize(
    "path",
    [
        "app/lib/apt/lists/x",
        "usr/local/bin/node",
        "usr/bin/asdf",
        "app/node_modules/vue/vue.js",
        "usr/local/lib/node_modules/npm/node_modules/less/x.js",
        "app/node_modules/my-typescript/x.js",
    ],
)
def test_what_is_needed_is_left_alone(path: str) -> None:
    assert contents({path: 100}).left_over == ()

"""Sources of COPY and the files they take; one table for our reader and for the engine."""

import pytest

FOLDER = (
    ".env",
    "a.js",
    "b.md",
    "s/a.ts",
    "s/b.js",
    "s/l/c.js",
    "s/l/d/e.js",
    "t/f.txt",
    "t/l/g.txt",
    "x[1].y",
    "z^",
)
S = "s/a.ts s/b.js s/l/c.js s/l/d/e.js"
T = "t/f.txt t/l/g.txt"

SELECTIONS = [
    pytest.param("a.js", "a.js", id="file"),
    pytest.param("/a.js", "a.js", id="leading slash"),
    pytest.param("./s/../a.js", "a.js", id="dots"),
    pytest.param("../../a.js", "a.js", id="dots do not leave the context"),
    pytest.param("s", S, id="folder"),
    pytest.param("s/", S, id="folder with a slash"),
    pytest.param("s/l", "s/l/c.js s/l/d/e.js", id="folder in a folder"),
    pytest.param(".", " ".join(FOLDER), id="everything"),
    pytest.param("/", " ".join(FOLDER), id="the root"),
    pytest.param("..", " ".join(FOLDER), id="above the root"),
    pytest.param("*.js", "a.js", id="star"),
    pytest.param("*", " ".join(FOLDER), id="star takes hidden names too"),
    pytest.param("s/*", S, id="star takes folders"),
    pytest.param("*/l", "s/l/c.js s/l/d/e.js t/l/g.txt", id="star for a folder"),
    pytest.param("*/*.js", "s/b.js", id="two levels"),
    pytest.param("**/*.js", "s/b.js", id="two stars are one"),
    pytest.param("?.js", "a.js", id="question mark"),
    pytest.param("[st]", f"{S} {T}", id="class"),
    pytest.param("[^s]/*", T, id="class that is negated"),
    pytest.param("[a-b].*", "a.js b.md", id="range"),
    pytest.param("x[[]1].y", "x[1].y", id="bracket in a class"),
    pytest.param("x\\[1].y", "", id="escaped bracket, which is no wildcard and stays escaped"),
    pytest.param("[xz]*", "x[1].y z^", id="odd names"),
    pytest.param("nope", "", id="nothing there"),
    pytest.param("nope*", "", id="nothing matches"),
    pytest.param("[", "", id="malformed"),
]

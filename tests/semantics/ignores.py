"""Files, .dockerignore texts and what reaches the builder; one table for our reader and for the engine."""

import pytest

TREE = ("a.md", "b.js", "s/a.md", "s/b.js", "s/l/a.md", "s/l/d/c", "xs", "d/s/x", "[b]", "c^d", ".e", ".g/h")
ALL = " ".join(TREE)

IGNORES = [
    pytest.param("", ALL, id="empty file"),
    pytest.param(
        "*.md",
        "b.js s/a.md s/b.js s/l/a.md s/l/d/c xs d/s/x [b] c^d .e .g/h",
        id="pattern without a slash stands for the root only",
    ),
    pytest.param(
        "**/*.md", "b.js s/b.js s/l/d/c xs d/s/x [b] c^d .e .g/h", id="two stars are any number of folders"
    ),
    pytest.param("s", "a.md b.js xs d/s/x [b] c^d .e .g/h", id="folder takes what is below it"),
    pytest.param("/s/", "a.md b.js xs d/s/x [b] c^d .e .g/h", id="slashes at both ends"),
    pytest.param("./s/../s/l/", "a.md b.js s/a.md s/b.js xs d/s/x [b] c^d .e .g/h", id="cleaned path"),
    pytest.param("  s  ", "a.md b.js xs d/s/x [b] c^d .e .g/h", id="blanks at both ends"),
    pytest.param("#s\n #xs\n", ALL, id="comment only at the line's start"),
    pytest.param("\ufeff*.md\r\ns\r\n", "b.js xs d/s/x [b] c^d .e .g/h", id="byte order mark and CRLF"),
    pytest.param("s/*", "a.md b.js xs d/s/x [b] c^d .e .g/h", id="star below a folder"),
    pytest.param("?s", "a.md b.js s/a.md s/b.js s/l/a.md s/l/d/c d/s/x [b] c^d .e .g/h", id="question mark"),
    pytest.param("**s", "a.md [b] c^d .e .g/h", id="two stars before a name take any ending"),
    pytest.param("**/s", "a.md b.js xs [b] c^d .e .g/h", id="two stars and a slash take whole names"),
    pytest.param("s/**", "a.md b.js xs d/s/x [b] c^d .e .g/h", id="two stars at the end"),
    pytest.param("s**", "a.md b.js xs d/s/x [b] c^d .e .g/h", id="two stars after a name take any beginning"),
    pytest.param(
        "s/**/a.md", "a.md b.js s/b.js s/l/d/c xs d/s/x [b] c^d .e .g/h", id="two stars in the middle"
    ),
    pytest.param("[a-c]*", "s/a.md s/b.js s/l/a.md s/l/d/c xs d/s/x [b] .e .g/h", id="class"),
    pytest.param("[^a]*", "a.md", id="class that is negated"),
    pytest.param(
        "\\[b\\]", "a.md b.js s/a.md s/b.js s/l/a.md s/l/d/c xs d/s/x c^d .e .g/h", id="escaped brackets"
    ),
    pytest.param(
        "c^d", "a.md b.js s/a.md s/b.js s/l/a.md s/l/d/c xs d/s/x [b] .e .g/h", id="caret in a plain name"
    ),
    pytest.param("c^*", ALL, id="caret before a star never matches"),
    pytest.param("*\n!a.md", "a.md", id="exception at the root"),
    pytest.param("*\n!s/b.js", "s/b.js", id="exception inside what is left out"),
    pytest.param("*\n!s", "s/a.md s/b.js s/l/a.md s/l/d/c", id="exception for a folder"),
    pytest.param("s\n!s/l\ns/l/d", "a.md b.js s/l/a.md xs d/s/x [b] c^d .e .g/h", id="left out again"),
    pytest.param("*\n!**/*.md", "a.md s/a.md s/l/a.md", id="exception with two stars"),
    pytest.param(
        "!a.md\n*.md",
        "b.js s/a.md s/b.js s/l/a.md s/l/d/c xs d/s/x [b] c^d .e .g/h",
        id="the last match counts",
    ),
    pytest.param("*\n!*/?.md", "s/a.md", id="exception with wildcards below folders"),
    pytest.param(
        "s/l/**\n!s",
        "a.md b.js s/a.md s/b.js xs d/s/x [b] c^d .e .g/h",
        id="exception for a folder taken only below",
    ),
    pytest.param(
        "s/l/d\n!s/l",
        "a.md b.js s/a.md s/b.js s/l/a.md xs d/s/x [b] c^d .e .g/h",
        id="exception for the folder above is not asked",
    ),
    pytest.param(".", ALL, id="dot"),
    pytest.param("..", ALL, id="two dots"),
    pytest.param("../s", ALL, id="outside"),
    pytest.param("/", ALL, id="slash"),
    pytest.param("*", "", id="star"),
    pytest.param("**", "", id="two stars alone"),
    pytest.param(".*", "a.md b.js s/a.md s/b.js s/l/a.md s/l/d/c xs d/s/x [b] c^d", id="hidden names"),
    pytest.param(
        "s/l\n!s/l/d/c\n!**/q",
        "a.md b.js s/a.md s/b.js s/l/d/c xs d/s/x [b] c^d .e .g/h",
        id="exceptions below what is left out",
    ),
    pytest.param("\\d", ALL, id="a backslash and a letter is a class of digits"),
    pytest.param("***", "", id="three stars"),
]

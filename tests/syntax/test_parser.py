import pytest

from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Blank, Comment, Directive, Instruction, Unreadable
from tests.syntax.checked import checked, only


def _shape(text: str) -> list[tuple[str, str]]:
    """Return what each node is and the text it stands for."""
    parsed = checked(text)
    return [(type(node).__name__, parsed.text_of(node.span)) for node in parsed.nodes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="an empty file"),
        pytest.param("\n", [("Blank", "\n")], id="one empty line"),
        pytest.param("  \t", [("Blank", "  \t")], id="white space without line end"),
        pytest.param("\ufeff", [("Blank", "\ufeff")], id="nothing but a byte order mark"),
        pytest.param(
            "# a\n\nFROM a\n  # b \\\nRUN b",
            [
                ("Comment", "# a\n"),
                ("Blank", "\n"),
                ("Instruction", "FROM a\n"),
                ("Comment", "  # b \\\n"),
                ("Instruction", "RUN b"),
            ],
            id="a comment is not continued",
        ),
        pytest.param(
            "RUN a \\\n\n# c\n  b\nRUN c\n",
            [("Instruction", "RUN a \\\n\n# c\n  b\n"), ("Instruction", "RUN c\n")],
            id="empty and comment lines inside a continuation",
        ),
        pytest.param(
            "RUN a \\\n", [("Instruction", "RUN a \\\n")], id="a continuation at the end of the file"
        ),
        pytest.param("\\\n\nRUN a", [("Instruction", "\\\n\nRUN a")], id="a continuation before the keyword"),
        pytest.param("\\\n\\\n", [("Unreadable", "\\\n\\\n")], id="nothing but continuations"),
        pytest.param(
            "RUN a \\\\\nRUN b",
            [("Instruction", "RUN a \\\\\n"), ("Instruction", "RUN b")],
            id="an escaped escape",
        ),
        pytest.param(
            "# syntax=a\r\n#escape = `\r\nRUN a `\r\n b\r\n",
            [
                ("Directive", "# syntax=a\r\n"),
                ("Directive", "#escape = `\r\n"),
                ("Instruction", "RUN a `\r\n b\r\n"),
            ],
            id="carriage returns and another escape character",
        ),
        pytest.param(
            "\ufeff# syntax=a\nFROM a",
            [("Directive", "\ufeff# syntax=a\n"), ("Instruction", "FROM a")],
            id="a byte order mark before a directive",
        ),
        pytest.param(
            "\n# escape=`\nRUN a `\nRUN b",
            [
                ("Blank", "\n"),
                ("Comment", "# escape=`\n"),
                ("Instruction", "RUN a `\n"),
                ("Instruction", "RUN b"),
            ],
            id="a blank line ends the directives",
        ),
        pytest.param(
            "# unknown=x\n# escape=`\n",
            [("Comment", "# unknown=x\n"), ("Comment", "# escape=`\n")],
            id="an unknown directive ends the directives",
        ),
        pytest.param(
            "# check=skip=all\n# escape=`\nRUN a `\n b",
            [
                ("Directive", "# check=skip=all\n"),
                ("Directive", "# escape=`\n"),
                ("Instruction", "RUN a `\n b"),
            ],
            id="check is a directive",
        ),
        pytest.param(
            "RUN a\rb\r\r\n",
            [("Instruction", "RUN a\rb\r\r\n")],
            id="a carriage return is no line end of its own",
        ),
        pytest.param("RUN a\x00b", [("Instruction", "RUN a\x00b")], id="a NUL"),
    ],
)
def test_nodes_tile_the_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == _shape(text)


@pytest.mark.parametrize(
    ("text", "keyword", "flags", "body"),
    [
        pytest.param("RUN", "RUN", {}, "", id="a bare keyword"),
        pytest.param("RUN a  b \t ", "RUN", {}, "a  b", id="white space at the end"),
        pytest.param("  \t run\va", "RUN", {}, "a", id="indented, lower case, vertical tab"),
        pytest.param(
            "RUN \\\n  a \\\n  b\\\nc", "RUN", {}, "a   bc", id="continued lines keep their indentation"
        ),
        pytest.param("RU\\\nN a", "RUN", {}, "a", id="a continuation within the keyword"),
        pytest.param("RUN a \\  \t\n b", "RUN", {}, "a  b", id="blanks behind the escape character"),
        pytest.param("COPY --from=a --link b c", "COPY", {"from": "a", "link": None}, "b c", id="flags"),
        pytest.param('RUN --x="a b"c\\ d e', "RUN", {"x": "a bc d"}, "e", id="a quoted and escaped flag"),
        pytest.param("RUN '--x' a", "RUN", {}, "'--x' a", id="a quoted dash begins no flag"),
        pytest.param("RUN -- --x a", "RUN", {}, "--x a", id="two dashes end the flags"),
        pytest.param(
            "RUN --a=1 \\\n  --b=2 \\\n  c",
            "RUN",
            {"a": "1", "b": "2"},
            "c",
            id="flags on lines of their own",
        ),
        pytest.param("RUN a --late=b", "RUN", {}, "a --late=b", id="a late flag is none"),
        pytest.param(
            "RUN --a=à b", "RUN", {"a": "à"}, "b", id="a flag with a byte that Go takes for a space"
        ),
        pytest.param("RUN --a=àb c", "RUN", {"a": "à"}, "b c", id="such a byte ends the flag"),
        pytest.param("wor\u212adir /a", "WORKDIR", {}, "/a", id="the Kelvin sign is a k to Go"),
    ],
)
def test_an_instruction_is_keyword_flags_and_body(
    text: str, keyword: str, flags: dict[str, str | None], body: str
) -> None:
    (found,) = checked(text).instructions
    read = {flag.name: None if flag.value is None else flag.value.value for flag in found.flags}
    assert (keyword, flags, body) == (found.keyword, read, found.body.text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "# escape=`\nRUN --mount=type=bind,target=C:\\x a", "C:\\x", id="under another escape character"
        ),
        pytest.param("RUN --mount=type=bind,target=C:\\x a", "C:x", id="under the usual one"),
    ],
)
def test_a_flag_is_escaped_by_the_escape_character(text: str, expected: str) -> None:
    # BuildKit before 1.10 took the backslash whatever the directive said.
    (found,) = checked(text).instructions
    value = found.flags[0].value
    assert value is not None
    assert "type=bind,target=" + expected == value.value


def test_flag_spans_are_source_spans() -> None:
    parsed = checked('COPY --from=a \\\n --chown="b c" d e')
    (found,) = parsed.instructions
    assert [parsed.text_of(flag.span) for flag in found.flags] == ["--from=a", '--chown="b c"']
    assert [parsed.text_of(flag.value.span) for flag in found.flags if flag.value] == ["a", '"b c"']


def test_comments_between_continuations_are_kept() -> None:
    parsed = checked("# top\nRUN a \\\n  # inside \n  b\n# below")
    assert [comment.text for comment in parsed.comments()] == ["top", "inside", "below"]
    assert [parsed.text_of(c.span) for c in parsed.comments()] == ["# top\n", "  # inside \n", "# below"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# escape=`\n", "`", id="a backtick"),
        pytest.param("#escape=\\\n", "\\", id="a backslash"),
        pytest.param("# Escape = `  \nFROM a", "`", id="any case and white space"),
        pytest.param("FROM a\n# escape=`\n", "\\", id="too late"),
        pytest.param("# escape=x\n", "\\", id="a character that is none"),
    ],
)
def test_the_escape_character(text: str, expected: str) -> None:
    assert expected == checked(text).escape


def test_a_directive_has_name_and_value() -> None:
    parsed = checked("#  Syntax = docker/dockerfile:1 \nFROM a")
    assert Directive(Span(0, 33), "syntax", "docker/dockerfile:1") == parsed.nodes[0]


def test_positions_lead_to_the_source() -> None:
    found = only("RUN first \\\n# between\n    second")
    body = found.body
    assert body.text == "first     second"
    second = body.text.index("second")
    assert Span(26, 32) == body.to_source(Span(second, second + 6))
    assert Span(4, 32) == body.to_source(Span(0, len(body.text)))
    assert body.is_contiguous(Span(0, 5))
    assert not body.is_contiguous(Span(0, second + 1))


def test_an_empty_body_knows_where_it_would_stand() -> None:
    found = checked("FROM a\nRUN\n").instructions[1]
    assert ("", Span(10, 10)) == (found.body.text, found.body.to_source(Span(0, 0)))


def test_unknown_instructions_are_instructions() -> None:
    parsed = checked("FORM a\n<<<\n")
    assert [found.keyword for found in parsed.instructions] == ["FORM", "<<<"]


def test_bytes_that_are_no_utf8_come_back() -> None:
    parsed = checked(b"\xef\xbb\xbfFROM a\xff\nRUN \xfe \\\n \xfd\n")
    assert [found.body.text for found in parsed.instructions] == ["a\udcff", "\udcfe  \udcfd"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN <<A " + "${x:-" * 50_000 + "}" * 50_000, id="nested substitutions"),
        pytest.param("RUN <<A " + "${x:-" * 100_000, id="substitutions never closed"),
        pytest.param('RUN <<A "' + '${x:-"' * 50_000, id="nested quotes never closed"),
        pytest.param("RUN <<A " + "${x:-a}/" * 50_000, id="many substitutions"),
        pytest.param("RUN << A\n" * 20_000, id="spaced heredocs without an end"),
        pytest.param("RUN <<A <<B\n" * 50_000, id="heredocs without an end"),
        pytest.param("ENV " + "a=" * 100_000 + '"' * 99_999, id="a long word of quotes"),
        pytest.param("ENV a=" + "\\" * 200_001, id="nothing but escapes"),
        pytest.param("ONBUILD " * 50_000, id="a chain of triggers"),
        pytest.param("CMD [" + "[" * 100_000, id="nested arrays"),
        pytest.param('CMD ["' + '\\"' * 100_000, id="a string never closed"),
        pytest.param("RUN a \\\n" * 40_000, id="one long continuation"),
        pytest.param("RUN " + "\\ " * 100_000 + "x", id="escaped blanks"),
        pytest.param("COPY " + "--a " * 20_000, id="many flags"),
        pytest.param("F" * 500_000, id="one long keyword"),
        pytest.param("\\\n" * 80_000, id="continuations of nothing"),
        pytest.param("\r" * 300_000 + "RUN a", id="carriage returns"),
    ],
)
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    # Quadratic time would be minutes here: the suite would not end.
    checked(text)


def test_the_kinds_of_nodes() -> None:
    parsed = checked("# syntax=a\n# b\n\nFROM a\n\\\n")
    assert [Directive, Comment, Blank, Instruction, Unreadable] == [type(node) for node in parsed.nodes]

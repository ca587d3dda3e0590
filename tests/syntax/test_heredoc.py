import pytest

from dockeropt.syntax.heredoc import operators
from dockeropt.syntax.tree import Heredoc
from tests.syntax.checked import checked, only


def _heredocs(text: str) -> list[tuple[str, str]]:
    (found,) = checked(text).instructions
    return [(heredoc.name, heredoc.body.text) for heredoc in found.heredocs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN <<EOF\na\n\nb\nEOF\n", [("EOF", "a\n\nb\n")], id="plain"),
        pytest.param("RUN <<EOF\nEOF", [("EOF", "")], id="empty, without final newline"),
        pytest.param("RUN <<'A B'\na\nA B\n", [("A B", "a\n")], id="a quoted name with a blank"),
        pytest.param(
            "RUN <<-EOF\n\t\ta\n b\n\t\tEOF\n", [("EOF", "a\n b\n")], id="leading tabs are stripped"
        ),
        pytest.param("RUN <<EOF\n\tEOF\nEOF\n", [("EOF", "\tEOF\n")], id="a tab before the name is no end"),
        pytest.param(
            "RUN <<EOF\nEOF \n EOF\nEOF\r\n", [("EOF", "EOF \n EOF\n")], id="blanks around the name neither"
        ),
        pytest.param(
            "RUN <<EOF\r\na\r\nEOF\r\n", [("EOF", "a\r\n")], id="carriage returns stay in the lines"
        ),
        pytest.param("COPY <<a <<-b /\n1\na\n\t2\n\tb\n", [("a", "1\n"), ("b", "2\n")], id="two on a line"),
        pytest.param("COPY <<a <<a /\n1\na\n2\na\n", [("a", "1\n"), ("a", "2\n")], id="two of one name"),
        pytest.param("ONBUILD RUN <<EOF\na\nEOF\n", [("EOF", "a\n")], id="behind ONBUILD"),
        pytest.param(
            "RUN a \\\n <<EOF\nx \\\n# y\nEOF\n",
            [("EOF", "x \\\n# y\n")],
            id="neither continued nor commented",
        ),
        pytest.param("RUN <<E\\OF\nEOF\n", [("EOF", "")], id="an escaped name"),
        pytest.param('RUN <<E"O"F\nEOF\n', [("EOF", "")], id="a partly quoted name"),
        pytest.param(
            "RUN cat << EOF\na\nEOF\n", [("EOF", "a\n")], id="a blank before the name, as of BuildKit 1.16"
        ),
        pytest.param("RUN echo $((1 << 3))\n", [], id="a shift is none"),
        pytest.param("RUN a <<<b\n", [], id="a here-string is none"),
        pytest.param("RUN a b<<EOF\n", [], id="a word before it"),
        pytest.param("RUN echo '<<EOF'\n", [], id="in quotes"),
        pytest.param('RUN echo "a <<EOF\n', [], id="a quote never closed"),
        pytest.param("RUN <<EOF ${x^}\n", [], id="a substitution BuildKit does not know"),
        pytest.param('RUN ["a", "<<EOF"]\n', [], id="the JSON form"),
        pytest.param("CMD <<EOF\n", [], id="another instruction"),
        pytest.param("ONBUILD CMD <<EOF\n", [], id="another instruction behind ONBUILD"),
        pytest.param('RUN <<""\n', [], id="an empty name"),
        pytest.param("RUN <<\n", [], id="no name"),
    ],
)
def test_which_lines_belong_to_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == _heredocs(text)


@pytest.mark.parametrize(
    ("operator", "expands", "strips_tabs", "file_descriptor"),
    [
        pytest.param("<<EOF", True, False, None, id="plain"),
        pytest.param("<<'EOF'", False, False, None, id="single quotes"),
        pytest.param('<<"EOF"', False, False, None, id="double quotes"),
        pytest.param("<<\\EOF", True, False, None, id="an escape is no quote to BuildKit"),
        pytest.param("<<-EOF", True, True, None, id="tabs"),
        pytest.param("3<<-'EOF'", False, True, 3, id="everything"),
        pytest.param("9" * 5000 + "<<EOF", True, False, 2**64 - 1, id="a descriptor beyond all bounds"),
    ],
)
def test_what_its_operator_says(
    operator: str, expands: bool, strips_tabs: bool, file_descriptor: int | None
) -> None:
    parsed = checked(f"RUN cat {operator} /x\nEOF\n")
    (found,) = parsed.instructions[0].heredocs
    assert (expands, strips_tabs, file_descriptor) == (
        found.expands,
        found.strips_tabs,
        found.file_descriptor,
    )
    assert operator == parsed.text_of(found.operator)


def test_the_heredoc_lexer_escapes_with_a_backslash_whatever_the_directive_says() -> None:
    found = checked("# escape=`\nRUN <<\\EOF a`\n b\nEOF\n").instructions[0].heredocs
    assert [heredoc.name for heredoc in found] == ["EOF"]


def test_one_that_never_ends_takes_the_rest() -> None:
    parsed = checked("FROM a\nRUN <<EOF <<B\nx\n")
    first, second = parsed.instructions[1].heredocs
    assert (
        first.is_terminated,
        first.body.text,
        second.is_terminated,
        second.body.text,
    ) == (False, "x\n", False, "")
    assert [problem.message for problem in parsed.problems] == [
        "the heredoc EOF never ends: add a line with EOF alone",
        "the heredoc B never ends: add a line with B alone",
    ]


def test_spans_of_operator_body_and_end() -> None:
    parsed = checked("COPY \\\n <<-A /x\n\tone\nA\nCMD b\n")
    found: Heredoc = parsed.instructions[0].heredocs[0]
    assert parsed.text_of(found.operator) == "<<-A"
    assert parsed.text_of(found.span) == "\tone\nA\n"
    assert found.body.text == "one\n"
    assert parsed.text_of(parsed.instructions[1].span) == "CMD b\n"


def test_the_instruction_holds_its_heredocs() -> None:
    text = "RUN <<A <<B\n1\nA\n2\nB\n"
    assert (0, len(text)) == only(text).span


def test_white_space_in_a_substitution_separates_words() -> None:
    assert [operator.name for operator in operators("RUN ${x:- <<A }")] == ["A"]

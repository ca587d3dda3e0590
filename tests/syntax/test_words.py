import pytest

from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.quoting import fault, skip_dollar, skip_quoted, unquote
from dockeropt.syntax.source import Span
from dockeropt.syntax.words import blank_separated, json_words, quoted_words, word_at


def _line(text: str) -> LogicalText:
    return LogicalText.join(text, [Span(0, len(text))])


@pytest.mark.parametrize(
    ("raw", "escape", "expected"),
    [
        pytest.param("plain", "\\", "plain", id="nothing to take away"),
        pytest.param('"a b"', "\\", "a b", id="double quotes"),
        pytest.param("'a b'", "\\", "a b", id="single quotes"),
        pytest.param("a'b'\"c\"d", "\\", "abcd", id="quotes within a word"),
        pytest.param("a\\ b", "\\", "a b", id="an escaped blank"),
        pytest.param('"a\\"b"', "\\", 'a"b', id="an escaped quote in quotes"),
        pytest.param('"a\\nb"', "\\", "a\\nb", id="a backslash before a letter in quotes stays"),
        pytest.param("a\\nb", "\\", "anb", id="outside it goes"),
        pytest.param('"\\$A\\\\"', "\\", "$A\\", id="escaped dollar and escape in quotes"),
        pytest.param("'a\\'", "\\", "a\\", id="nothing escapes in single quotes"),
        pytest.param('C:\\dir`"x', "`", 'C:\\dir"x', id="another escape character"),
        pytest.param('$A"$B"${C:-"d e"}', "\\", '$A$B${C:-"d e"}', id="variables stay as they are"),
        pytest.param("${A:-${B:-'}'}}'c'", "\\", "${A:-${B:-'}'}}c", id="nested variables"),
        pytest.param("$${'a'}", "\\", "$${a}", id="a double dollar opens nothing"),
        pytest.param('"open', "\\", "open", id="a quote never closed"),
        pytest.param("'open", "\\", "open", id="a single quote never closed"),
        pytest.param("a\\", "\\", "a", id="an escape at the end"),
        pytest.param('"a\\', "\\", "a", id="an escape at the end in quotes"),
        pytest.param('${A"b"', "\\", "${Ab", id="a substitution never closed"),
        pytest.param("a}/b'c'", "\\", "a}/bc", id="a brace and a slash mean nothing outside"),
    ],
)
def test_what_a_word_means(raw: str, escape: str, expected: str) -> None:
    assert expected == unquote(raw, escape)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("plain$A${B}", None, id="plain"),
        pytest.param("${A:-b}${A-b}${A:+b}${A+b}${A:?b}${A?b}", None, id="defaults and alternatives"),
        pytest.param("${A#b}${A##b}${A%b}${A%%b}${A/b/c}${A//b/c}", None, id="patterns"),
        pytest.param("${#}${@}${1:-x}$$$#", None, id="special parameters"),
        pytest.param('a"b', '"', id="a double quote"),
        pytest.param("a'b", "'", id="a single quote"),
        pytest.param("a${b", "${b", id="a brace never closed"),
        pytest.param("a${}", "${}", id="no name"),
        pytest.param("${A^^}", "${A^^}", id="a modifier of bash"),
        pytest.param("${A:0:3}", "${A:0:3}", id="a substring of bash"),
        pytest.param("${A:#b}", "${A:#b}", id="a pattern behind a colon"),
        pytest.param("'${A^^}'\\${A^}", None, id="quoted and escaped"),
    ],
)
def test_what_cannot_be_read(raw: str, expected: str | None) -> None:
    assert expected == fault(raw, "\\")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('"a\\"b" c', 6, id="double quotes"),
        pytest.param("'a\\' b", 4, id="single quotes"),
        pytest.param('"${a:-"b"}" c', 11, id="quotes in a variable in quotes"),
        pytest.param("'a", -1, id="never closed"),
    ],
)
def test_where_quotes_end(text: str, expected: int) -> None:
    assert expected == skip_quoted(text, 0, "\\")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("${a}}", 4, id="a brace"),
        pytest.param("${a:-${b}}", 10, id="a nested brace"),
        pytest.param("${a/\\/b/c}d", 10, id="an escaped slash"),
        pytest.param("$a", 1, id="a plain name is left to the reader"),
        pytest.param("$$a", 2, id="two dollars"),
        pytest.param("${a", -1, id="never closed"),
    ],
)
def test_where_variables_end(text: str, expected: int) -> None:
    assert expected == skip_dollar(text, 0, "\\")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b", ["a", "b"], id="blanks"),
        pytest.param('a="b c" d', ['a="b c"', "d"], id="double quotes"),
        pytest.param("a='b c' d", ["a='b c'", "d"], id="single quotes"),
        pytest.param("a=b\\ c d", ["a=b\\ c", "d"], id="an escaped blank"),
        pytest.param('a="b \\" c" d', ['a="b \\" c"', "d"], id="an escaped quote"),
        pytest.param('a="b c', ['a="b c'], id="a quote never closed"),
        pytest.param("a='b\\' c'", ["a='b\\'", "c'"], id="single quotes know no escape"),
        pytest.param("a\u00a0b\u2003c", ["a", "b", "c"], id="every white space of Go"),
        pytest.param("a\x1cb", ["a\x1cb"], id="none that is only Python's"),
        pytest.param("a b\\", ["a", "b"], id="an escape at the end is dropped"),
        pytest.param('a="b\\', ['a="b'], id="in quotes too"),
        pytest.param("a \\", ["a"], id="alone as well"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_words_of_env_and_label(text: str, expected: list[str]) -> None:
    assert expected == [text[start:end] for start, end in quoted_words(text, "\\")]


def test_words_of_from_and_copy_are_split_at_blanks_alone() -> None:
    words = blank_separated(_line("\"a b\" c\u00a0d\t'e'"), "\\")
    assert [(word.raw, word.value, word.quoted) for word in words] == [
        ('"a', "a", True),
        ('b"', "b", True),
        ("c\u00a0d", "c\u00a0d", False),
        ("'e'", "e", True),
    ]


def test_a_word_over_a_continuation_is_not_contiguous() -> None:
    source = "RUN ab\\\ncd"
    line = LogicalText.join(source, [Span(4, 6), Span(8, 10)])
    word = word_at(line, 0, 4, "\\")
    assert (Span(4, 10), "abcd", False) == (word.span, word.raw, word.is_contiguous)
    assert word_at(line, 0, 2, "\\").is_contiguous


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[]", [], id="an empty array"),
        pytest.param('[ "a" ,\t"b" ]', ["a", "b"], id="white space"),
        pytest.param('["\\u00e9\\n\\/\\\\\\""]', ['é\n/\\"'], id="escapes"),
        pytest.param('["\\ud83d\\ude00 \\ud83d"]', ["😀 \ufffd"], id="surrogates, in pairs and alone"),
        pytest.param('["C:\\dir"]', None, id="an escape that JSON does not know"),
        pytest.param("['a']", None, id="single quotes"),
        pytest.param('["a",]', None, id="a comma too many"),
        pytest.param('["a"', None, id="no end"),
        pytest.param('["a"] b', None, id="text behind it, as of BuildKit 1.10"),
        pytest.param('["a", 1]', None, id="a number"),
        pytest.param('["a\tb"]', None, id="a tab in a string"),
        pytest.param('"a"', None, id="no array"),
        pytest.param("[ -f a ] && b", None, id="a test of the shell"),
    ],
)
def test_the_json_form(text: str, expected: list[str] | None) -> None:
    words = json_words(_line(text))
    assert expected == (None if words is None else [word.value for word in words])


def test_words_of_the_json_form_stand_where_their_quotes_stand() -> None:
    words = json_words(_line('["a", "b c"]'))
    assert words is not None
    assert [(Span(1, 4), '"a"'), (Span(6, 11), '"b c"')] == [(word.span, word.raw) for word in words]


def test_words_of_short_bodies_alone_are_kept() -> None:
    def read(count: int) -> tuple[object, object]:
        text = "a " * count
        body = LogicalText.join(text, [Span(0, len(text))])
        return blank_separated(body, "\\"), blank_separated(body, "\\")

    first, second = read(10)
    assert first is second
    first, second = read(10_000)
    assert first == second
    assert first is not second

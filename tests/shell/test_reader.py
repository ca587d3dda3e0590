"""What the reader says of commands, words, operators and redirections, beyond the commands' names."""

import pytest

from dockeropt.shell.reader import read
from dockeropt.syntax.lines import LogicalText, Piece
from tests.shell.read import only_command, run_of, script_of, summary

WORDS = {
    "plain words": ("a b c=d", ["b", "c=d"]),
    "single quotes": ("a 'b c' d'e'f", ["b c", "def"]),
    "double quotes": ('a "b c" d"e"f', ["b c", "def"]),
    "quotes in quotes": ('a "it\'s" \'say "x"\'', ["it's", 'say "x"']),
    "escapes": ("a b\\ c \\' \\\\ \\$x", ["b c", "'", "\\", "$x"]),
    "escapes in double quotes": ('a "\\"b\\" \\$c \\d \\\\"', ['"b" $c \\d \\']),
    "no escapes in single quotes": ("a 'b\\n\\'", ["b\\n\\"]),
    "ANSI quotes": ("a $'b\\tc\\n\\'\\x41\\101\\u00e9'", ["b\tc\n'AAé"]),
    "localized quotes": ('a $"b c"', ["b c"]),
    "an unknown ANSI escape": ("a $'\\q'", ["\\q"]),
    "ANSI escapes of no character": ("a $'\\ud800\\UFFFFFFFF'", ["\\ud800\\UFFFFFFFF"]),
    "quotes in a substitution": ("a $(b 'c')", ["$(b 'c')"]),
    "a continuation in a word": ("a b\\\nc", ["bc"]),
    "a continuation in quotes": ('a "b\\\nc"', ["bc"]),
    "a newline in quotes": ("a 'b\nc'", ["b\nc"]),
    "variables as written": ('a $b "${c}" "$d"e', ["$b", "${c}", "$de"]),
    "a parameter with quotes in it": ('a "${b:-"c d"}" ${e:-\'f\'}', ['${b:-"c d"}', "${e:-'f'}"]),
    "a substitution as written": ('a "x $(b \'c\' "d") y"', ["x $(b 'c' \"d\") y"]),
    "backticks as written": ("a `b 'c'`\"d\"", ["`b 'c'`d"]),
    "empty strings": ("a '' \"\" ''\"\"", ["", "", ""]),
    "a hash in a word": ("a b#c '#d' #e", ["b#c", "#d"]),
    "a dollar at the end": ('a b$ "c$" $', ["b$", "c$", "$"]),
    "an extended pattern": ("a !(b|c) @(d) e", ["!(b|c)", "@(d)", "e"]),
    "an array as an argument": ("declare -a b=(c 'd e')", ["-a", "b=(c d e)"]),
    "a word that ends with the text's own end": ("a b", ["b"]),
}


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS.keys())
def test_a_words_value_is_what_it_means(text: str, expected: list[str]) -> None:
    assert expected == [word.value for word in script_of(text).commands[0].words]


def test_a_word_is_quoted_where_a_quote_or_escape_is_in_it() -> None:
    script = script_of("a b 'c' d\"e\" f\\g $h $(i 'j') \"$(k)\"")
    gapless = [False, True, True, True, False, False, True]
    assert gapless == [word.quoted for word in script.commands[0].words]


REDIRECTS = {
    "output": ("a > b", [(None, ">", "b")]),
    "errors": ("a 2>/dev/null", [(2, ">", "/dev/null")]),
    "errors to output": ("a >b 2>&1", [(None, ">", "b"), (2, ">&", "1")]),
    "both": ("a &>b", [(None, "&>", "b")]),
    "both appended": ("a &>>b", [(None, "&>>", "b")]),
    "appended": ("a 2>>'b c'", [(2, ">>", "b c")]),
    "input": ("a <b 3<c", [(None, "<", "b"), (3, "<", "c")]),
    "a closed descriptor": ("a 2>&-", [(2, ">&", "-")]),
    "clobber": ("a >|b", [(None, ">|", "b")]),
    "a here-string": ("a <<< 'b c'", [(None, "<<<", "b c")]),
    "a here-document": ("a <<EOF", [(None, "<<", None)]),
    "an indented here-document": ("a 3<<-'EOF'", [(3, "<<-", None)]),
    "a named descriptor": ("a {fd}>b", [(None, ">", "b")]),
    "no target": ("a >", [(None, ">", None)]),
}


@pytest.mark.parametrize(("text", "expected"), REDIRECTS.values(), ids=REDIRECTS.keys())
def test_redirections(text: str, expected: list[tuple[int | None, str, str | None]]) -> None:
    command = only_command(text)
    assert expected == [
        (each.file_descriptor, each.operator, each.target.value if each.target else None)
        for each in command.redirects
    ]
    assert text == text[command.span.start : command.span.end]


def test_a_number_apart_is_no_descriptor() -> None:
    expected = [["2"]]
    assert expected == [[word.value for word in c.words] for c in script_of("a 2 >b").commands]


def test_a_descriptor_of_many_digits_is_no_error() -> None:
    assert only_command("a " + "9" * 5000 + ">b").redirects[0].operator == ">"


DEPTHS = {
    "a list": ("a; b", ["a", "b"]),
    "a subshell": ("a; (b); c", ["a", "  b", "c"]),
    "a group": ("{ a; }; b", ["  a", "b"]),
    "a substitution": ("a $(b $(c))", ["a $(b $(c))", "  b $(c)", "    c"]),
    "an if": ("if a; then b; elif c; then d; else e; fi; f", ["  a", "  b", "  c", "  d", "  e", "f"]),
    "a loop": ("while a; do b; done; c", ["  a", "  b", "c"]),
    "a loop over substituted words": ("for i in $(a); do b; done", ["    a", "  b"]),
    "a case": ("case $(a) in b) c;; esac; d", ["    a", "  c", "d"]),
    "a function": ("f() { a; }; f", ["  a", "f"]),
    "an assignment": ("A=$(b)", ["A=$(b)", "  b"]),
    "a test": ("[[ a == $(b) ]] && c", ["[[ a == $(b)", "  b", "c"]),
    "arithmetic": ("(( $(a) > 1 )) && b", ["((", "  a", "b"]),
    "only a redirection": ("> a; b", [">a", "b"]),
}


@pytest.mark.parametrize(("text", "expected"), DEPTHS.values(), ids=DEPTHS.keys())
def test_depth_counts_what_a_command_is_in(text: str, expected: list[str]) -> None:
    assert expected == summary(text)


OPERATORS = {
    "lists": ("a && b || c; d & e", ["&&", "||", ";", "&"]),
    "pipes": ("a | b |& c", ["|", "|&"]),
    "newlines between commands": ("a\n\nb\n", ["newline"]),
    "no newline after an operator": ("a &&\nb;\nc\n", ["&&", ";"]),
    "no newline after a keyword": ("if a\nthen\n  b\n  c\nfi\nd\n", ["newline", "newline", "newline"]),
    "no newline before a closing parenthesis": ("(\na\n)\nb", ["newline"]),
    "no operator in quotes": ("a '&&' \"|\" \\; b", []),
    "none of a case's own": ("case a in b|c) d ;; e) f ;; esac", []),
}


@pytest.mark.parametrize(("text", "expected"), OPERATORS.values(), ids=OPERATORS.keys())
def test_operators(text: str, expected: list[str]) -> None:
    script = script_of(text)
    assert expected == [operator.text for operator in script.operators]
    for operator in script.operators:
        written = text[operator.span.start : operator.span.end]
        assert operator.text == ("newline" if written == "\n" else written)


INCOMPLETE = {
    "a single quote": ("a && b 'c", ["a", "b c"]),
    "a double quote": ('a && b "c', ["a", "b c"]),
    "a substitution": ("a && b $(c", ["a", "b $(c", "  c"]),
    "backticks": ("a `b", ["a `b"]),
    "a parameter": ("a ${b", ["a ${b"]),
    "arithmetic": ("a $((1 + 2", ["a $((1 + 2"]),
    "a subshell": ("(a; b", ["  a", "  b"]),
    "a group": ("{ a", ["  a"]),
    "an if": ("if a; then b", ["  a", "  b"]),
    "a loop": ("for i in a; do b;", ["  b"]),
    "a case": ("case a in b) c", ["  c"]),
    "a case without patterns": ("case a", []),
    "a test": ("[[ a", ["[[ a"]),
    "a here-document": ("a <<EOF\nb\n", ["a <<"]),
    "a stray parenthesis": ("a ) b", ["a", "b"]),
    "a stray keyword": ("a; fi; b", ["a", "b"]),
    "a stray branch": ("a ;; b", ["a", "b"]),
    "an inner script": ("sh -c 'a && (b'", ["  sh > a", "    sh > b"]),
    "nested too deep": ("a " + "$(b " * 100 + ")" * 100, None),
}


@pytest.mark.parametrize(("text", "expected"), INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_what_does_not_end_is_read_as_far_as_it_goes(text: str, expected: list[str] | None) -> None:
    assert not script_of(text).is_complete
    if expected is not None:
        assert expected == summary(text)


def test_a_here_document_whose_body_is_elsewhere_is_complete() -> None:
    assert script_of("cat <<EOF > f && b").is_complete


def test_an_empty_script_has_nothing() -> None:
    script = read(LogicalText("", ()))
    assert (script.commands, script.operators, script.is_complete) == ((), (), True)


def test_carriage_returns_are_blanks() -> None:
    assert summary("a b\r\nc\r\n") == ["a b", "c"]


def test_wrappers_can_be_left_as_they_are() -> None:
    text = "sudo sh -c 'a'"
    script = read(LogicalText(text, (Piece(0, 0, len(text)),)), unwrap=False)
    expected = ["sudo"]
    assert expected == [command.name for command in script.commands]


def test_spans_are_those_of_the_source() -> None:
    dockerfile, script = run_of(
        "FROM a\nRUN --mount=type=cache,target=/x apt-get \\\n  # no\n  in\\\nstall b && c\n"
    )
    install, last = script.commands
    expected = ["install", "b"]
    assert expected == [word.value for word in install.words]
    expected = ["in\\\nstall", "b"]
    assert expected == [dockerfile.text_of(word.span) for word in install.words]
    gapless = [False, True]
    assert gapless == [word.is_contiguous for word in install.words]
    assert dockerfile.text_of(install.span) == "apt-get \\\n  # no\n  in\\\nstall b"
    assert dockerfile.text_of(last.span) == "c"
    expected = ["&&"]
    assert expected == [dockerfile.text_of(operator.span) for operator in script.operators]

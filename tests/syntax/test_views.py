from typing import TypeVar

import pytest

from dockeropt.syntax.instructions import (
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Form,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    Unknown,
    User,
    View,
    Volume,
    Workdir,
)
from dockeropt.syntax.tree import Word
from dockeropt.syntax.views import view
from tests.syntax.checked import checked

_Kind = TypeVar("_Kind", bound=View)


def _view(text: str, kind: type[_Kind]) -> _Kind:
    """Return the view of a text's last instruction, which is of this kind."""
    parsed = checked(text)
    found = view(parsed.instructions[-1], parsed.escape)
    assert isinstance(found, kind)
    return found


def _value(word: Word | None) -> str | None:
    return None if word is None else word.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM a:1", ("a:1", None, None), id="an image"),
        pytest.param("from a As Build", ("a", "Build", None), id="a name, in its own spelling"),
        pytest.param("FROM --platform=$BUILDPLATFORM a AS b", ("a", "b", "$BUILDPLATFORM"), id="a platform"),
        pytest.param('FROM "a"', ("a", None, None), id="in quotes"),
        pytest.param("FROM a \\\n  # here\n  AS b", ("a", "b", None), id="over lines"),
        pytest.param("FROM", (None, None, None), id="nothing"),
        pytest.param("FROM a b c", ("a", None, None), id="something else for AS"),
    ],
)
def test_from(text: str, expected: tuple[str | None, ...]) -> None:
    found = _view(text, From)
    assert expected == (_value(found.image), _value(found.name), _value(found.platform))


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("ARG A", Arg, [("A", None, False)], id="a declaration"),
        pytest.param(
            'ARG A=1 B C="d e"',
            Arg,
            [("A", "1", False), ("B", None, False), ("C", "d e", False)],
            id="several",
        ),
        pytest.param("ENV A=1 B='2 3'", Env, [("A", "1", False), ("B", "2 3", False)], id="two pairs"),
        pytest.param('ENV "A"=b', Env, [("A", "b", False)], id="a quoted name"),
        pytest.param("ENV A=b=c", Env, [("A", "b=c", False)], id="the first equals sign counts"),
        pytest.param("ENV A b  c", Env, [("A", "b  c", True)], id="a blank for the equals sign"),
        pytest.param('ENV A "b" c=d', Env, [("A", "b c=d", True)], id="then all is one value"),
        pytest.param("ENV A \\\n  b", Env, [("A", "b", True)], id="over lines"),
        pytest.param("ENV A", Env, [("A", None, True)], id="a name without a value"),
        pytest.param("ENV A=1 B", Env, [("A", "1", False), ("B", None, False)], id="one of them without"),
        pytest.param("LABEL a.b=c d='e'", Label, [("a.b", "c", False), ("d", "e", False)], id="labels"),
        pytest.param("ENV", Env, [], id="nothing"),
        pytest.param(
            "# escape=`\nENV A=b`\n c", Env, [("A", "b", False), ("c", None, False)], id="a backtick"
        ),
        pytest.param("# escape=`\nENV A=C:\\x` y", Env, [("A", "C:\\x y", False)], id="an escaped blank"),
    ],
)
def test_pairs(
    text: str, kind: type[Arg | Env | Label], expected: list[tuple[str, str | None, bool]]
) -> None:
    found = _view(text, kind)
    assert expected == [(pair.key.value, _value(pair.value), pair.is_legacy) for pair in found.pairs]


def test_a_pair_stands_where_it_is_written() -> None:
    text = 'ENV A=1 \\\n    B="2 3"'
    pair = _view(text, Env).pairs[1]
    assert pair.value is not None
    assert [text[span.start : span.end] for span in (pair.span, pair.key.span, pair.value.span)] == [
        'B="2 3"',
        "B",
        '"2 3"',
    ]


@pytest.mark.parametrize(
    ("text", "form", "script", "arguments"),
    [
        pytest.param("RUN a && b", Form.SHELL, "a && b", [], id="a script"),
        pytest.param('RUN ["a", "b c"]', Form.EXEC, '["a", "b c"]', ["a", "b c"], id="an array"),
        pytest.param("RUN ['a']", Form.SHELL, "['a']", [], id="single quotes make a script of it"),
        pytest.param('RUN ["a"] # b', Form.SHELL, '["a"] # b', [], id="text behind an array as well"),
        pytest.param("RUN --mount=type=ssh a", Form.SHELL, "a", [], id="flags before it"),
        pytest.param("RUN", Form.SHELL, "", [], id="nothing"),
    ],
)
def test_commands(text: str, form: Form, script: str, arguments: list[str]) -> None:
    kinds: dict[str, type[Run | Cmd | Entrypoint]] = {"RUN": Run, "CMD": Cmd, "ENTRYPOINT": Entrypoint}
    for keyword, kind in kinds.items():
        command = _view(keyword + text.removeprefix("RUN"), kind).command
        assert (form, script, arguments) == (
            command.form,
            command.script.text,
            [word.value for word in command.arguments],
        )


def test_the_script_of_a_heredoc_is_its_operator() -> None:
    found = _view("RUN <<EOF\nb\nEOF", Run)
    assert (found.command.script.text, found.instruction.heredocs[0].body.text) == ("<<EOF", "b\n")


def test_run_knows_its_mounts_network_and_security() -> None:
    found = _view(
        "RUN --mount=type=Cache,dst=/x,Sharing=locked,ro --mount=target=.,src=a,readonly=false"
        " --network=none --security=insecure a",
        Run,
    )
    assert (found.network, found.security) == ("none", "insecure")
    assert [(mount.type, mount.options) for mount in found.mounts] == [
        ("cache", {"type": "Cache", "target": "/x", "sharing": "locked", "readonly": "true"}),
        ("bind", {"target": ".", "source": "a", "readonly": "false"}),
    ]


@pytest.mark.parametrize(
    ("text", "sources", "target"),
    [
        pytest.param("COPY a b c/", ["a", "b"], "c/", id="several sources"),
        pytest.param('COPY ["a b", "c"]', ["a b"], "c", id="an array"),
        pytest.param("COPY <<EOF a /b\nx\nEOF", ["a"], "/b", id="a heredoc is no source"),
        pytest.param("COPY <<EOF /b\nx\nEOF", [], "/b", id="nothing but a heredoc"),
        pytest.param("COPY a", [], "a", id="no target"),
        pytest.param("COPY", [], None, id="nothing"),
        pytest.param("COPY $A ${B:-c} d", ["$A", "${B:-c}"], "d", id="variables"),
    ],
)
def test_copy(text: str, sources: list[str], target: str | None) -> None:
    for keyword in ("COPY", "ADD"):
        found = _view(keyword + text.removeprefix("COPY"), Copy)
        assert (keyword == "ADD", sources, target) == (
            found.is_add,
            [word.value for word in found.sources],
            _value(found.target),
        )


def test_flags_of_copy() -> None:
    found = _view(
        "COPY --from=build --chown=a:b --chmod=755 --link --parents=false --exclude=*.md --exclude=x a b",
        Copy,
    )
    assert (
        _value(found.source_stage),
        _value(found.chown),
        _value(found.chmod),
        found.link,
        found.parents,
        [word.value for word in found.exclude],
    ) == ("build", "a:b", "755", True, False, ["*.md", "x"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("HEALTHCHECK NONE", None, id="none"),
        pytest.param("HEALTHCHECK CMD curl -f a", (Form.SHELL, "curl -f a"), id="a script"),
        pytest.param('HEALTHCHECK --interval=5s cmd ["a"]', (Form.EXEC, '["a"]'), id="an array behind flags"),
        pytest.param("HEALTHCHECK CMD", (Form.SHELL, ""), id="no command"),
        pytest.param("HEALTHCHECK", None, id="nothing"),
        pytest.param("HEALTHCHECK \\\n  CMD \\\n  a", (Form.SHELL, "a"), id="over lines"),
    ],
)
def test_healthcheck(text: str, expected: tuple[Form, str] | None) -> None:
    command = _view(text, Healthcheck).command
    assert expected == (None if command is None else (command.form, command.script.text))


def test_single_words_and_lists() -> None:
    assert _value(_view("WORKDIR /a b", Workdir).path) == "/a b"
    assert _value(_view('WORKDIR "/a b"', Workdir).path) == "/a b"
    assert None is _view("WORKDIR", Workdir).path
    assert _value(_view("USER $A:b", User).name) == "$A:b"
    assert _value(_view("STOPSIGNAL SIGTERM", Stopsignal).signal) == "SIGTERM"
    assert [word.value for word in _view("EXPOSE 80 443/tcp", Expose).ports] == ["80", "443/tcp"]
    assert [word.value for word in _view("VOLUME /a /b", Volume).paths] == ["/a", "/b"]
    assert [word.value for word in _view('VOLUME ["/a b"]', Volume).paths] == ["/a b"]
    assert [word.value for word in _view('SHELL ["sh", "-c"]', Shell).arguments] == ["sh", "-c"]
    assert _view("SHELL sh -c", Shell).arguments == ()
    assert _view("MAINTAINER some body", Maintainer).name.text == "some body"
    assert _view("FORM a", Unknown).instruction.keyword == "FORM"


def test_the_trigger_of_onbuild() -> None:
    text = "ONBUILD \\\n  copy --chown=a <<EOF /b\nx\nEOF\n"
    found = _view(text, Onbuild)
    assert isinstance(found.trigger, Copy)
    trigger = found.trigger.instruction
    assert (
        trigger.keyword,
        [flag.name for flag in trigger.flags],
        [heredoc.name for heredoc in trigger.heredocs],
    ) == ("COPY", ["chown"], ["EOF"])
    assert text[trigger.span.start : trigger.span.end].startswith("copy --chown")
    assert text[trigger.keyword_span.start : trigger.keyword_span.end] == "copy"


def test_a_chain_of_triggers_ends() -> None:
    found = _view("ONBUILD ONBUILD RUN a", Onbuild)
    assert isinstance(found.trigger, Onbuild)
    assert found.trigger.trigger is None
    assert _view("ONBUILD", Onbuild).trigger is None

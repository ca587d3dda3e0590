import pytest

from dockeropt.measure.fresh_machine import is_mark, records_after, with_marks, without_marks

USAGE = """\
ID:		child
Parents:	middle, elsewhere
Description:	mount / from exec /bin/sh -c make
Type:		regular

ID:		marked*
Parent:		base
Description:	[build 2/7] COPY <<dockeropt /.dockeropt-M
Type:		regular

ID:		base
Description:	pulled from docker.io/library/node:22
Type:		regular

ID:		middle
Parent:		marked
Type:		regular

ID:		users
Parent:		base
Description:	[build 2/6] RUN echo /.dockeropt-M again
Type:		regular

ID:		other
Parent:		base
Description:	[build 2/7] COPY <<dockeropt /.dockeropt-M2
Type:		regular
"""


def test_only_what_stands_on_the_mark_is_removed_and_leaves_come_first() -> None:
    assert records_after("M", USAGE) == ["child", "middle", "marked"]
    assert records_after("none", USAGE) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        pytest.param("FROM a", "FROM a{}", id="no newline at the end"),
        pytest.param("FROM a AS b\nRUN x\nFROM b\n", "FROM a AS b{}\nRUN x\nFROM b{}\n", id="every stage"),
        pytest.param("FROM \\\n  a\nRUN x\n", "FROM \\\n  a{}\nRUN x\n", id="a continued line"),
        pytest.param(
            "# FROM c\nARG A\nFROM $A\n", "# FROM c\nARG A\nFROM $A{}\n", id="a comment and a variable"
        ),
        pytest.param(
            "FROM a\n\nRUN <<FROM\nFROM b\nFROM\n", "FROM a{}\n\nRUN <<FROM\nFROM b\nFROM\n", id="heredoc"
        ),
    ],
)
def test_every_stage_begins_with_the_file(text: str, marked: str) -> None:
    added = "\nCOPY <<dockeropt /.dockeropt-M\nfresh\ndockeropt"
    assert with_marks(text, "M") == marked.replace("{}", added)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("[build 3/7] WORKDIR /app", "[build 2/6] WORKDIR /app"),
        ("[2/3] RUN make", "[1/2] RUN make"),
        ("[linux/arm64 build  4/12] RUN make", "[linux/arm64 build  3/11] RUN make"),
        ("[build 1/7] FROM docker.io/library/node:22", "[build 1/6] FROM docker.io/library/node:22"),
        ("exporting to image", "exporting to image"),
    ],
)
def test_steps_keep_the_numbers_of_the_users_file(name: str, shown: str) -> None:
    assert shown == without_marks(name)


def test_the_file_is_no_step_of_the_users() -> None:
    assert is_mark("[build 1/6] COPY <<dockeropt /.dockeropt-M", "M")
    assert not is_mark("[build 1/6] COPY a /.dockeropt-M2", "M")

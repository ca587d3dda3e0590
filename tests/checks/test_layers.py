"""What stays in a layer, and what is none of it."""

import pytest

from tests.checks.marks import marked


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("wget https://a.com/b.tgz && tar xf b.tgz", ["wget https://a.com/b.tgz"]),
        ("wget https://a.com/b.tgz?c=1 && tar xf b.tgz", ["wget https://a.com/b.tgz?c=1"]),
        ("wget -qO- https://a.com/b.tgz | tar xz", []),
        ("wget -qO /tmp/c.zip https://a.com/b && unzip /tmp/c.zip", ["wget -qO /tmp/c.zip https://a.com/b"]),
        ("wget -P /tmp https://a.com/b.zip && unzip /tmp/b.zip && rm -rf /tmp/*", []),
        ("curl -L https://a.com/b.tgz | tar xz", []),
        ("curl -L https://a.com/b.tgz > b.tgz && tar xf b.tgz", ["curl -L https://a.com/b.tgz > b.tgz"]),
        ("curl -fsSLo b.tgz https://a.com/b && tar xf b.tgz && rm b.*", []),
        ("curl -OL https://a.com/b.deb && dpkg -i b.deb", ["curl -OL https://a.com/b.deb"]),
        ("cd /src && curl -OL https://a.com/b.tgz && tar xf b.tgz && cd / && rm -rf /src", []),
        ("curl -OL https://a.com/b.tgz && gunzip b.tgz", []),
        ("curl -OL https://a.com/b.tgz", []),
        ("tar xf b.tgz && curl -OL https://a.com/b.tgz", []),
    ],
)
def test_an_archive_stays_unless_its_run_removes_it(run: str, expected: list[str]) -> None:
    assert expected == marked("DO2004", f"FROM debian:12\nRUN {run}\n")


def test_an_archive_in_a_stage_that_is_not_shipped_costs_nothing() -> None:
    build = "FROM debian:12 AS a\nRUN wget https://a.com/b.tgz && tar xf b.tgz\n"
    assert marked("DO2004", f"{build}FROM debian:12\nCOPY --from=a /b /b\n") == []


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("d=$(mktemp -d); make -C $d", ["d=$(mktemp -d)"]),
        ('export D="$(mktemp -d)" && make', ['D="$(mktemp -d)"']),
        ("d=$(mktemp -d); trap 'rm -rf \"$d\"' EXIT; make", []),
        ("d=$(mktemp -d); rm -rf ${d}", []),
        ("f=$(mktemp)", []),
        ("--mount=type=tmpfs,target=/tmp d=$(mktemp -d)", []),
    ],
)
def test_a_temporary_folder_stays_unless_its_run_removes_it(run: str, expected: list[str]) -> None:
    assert expected == marked("DO2005", f"FROM debian:12\nRUN {run}\n")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("COPY a.sh /a.sh\nRUN chmod +x /a.sh", ["chmod +x /a.sh"]),
        ("COPY a.sh /b/\nRUN chmod +x /b/a.sh", ["chmod +x /b/a.sh"]),
        ("COPY a.sh /b/\nRUN chmod +x /b/c.sh", []),
        ("WORKDIR /b\nCOPY a.sh .\nRUN chmod +x a.sh", ["chmod +x a.sh"]),
        ("WORKDIR /b\nCOPY . .\nRUN cd bin && chmod +x run", ["chmod +x run"]),
        ("COPY . /b\nRUN chown -R 1000 /", ["chown -R 1000 /"]),
        ("COPY . /b\nRUN chown 1000 /", []),
        ("COPY . /b\nRUN mkdir /b/c && chown 1000 /b/c", []),
        ("COPY . /b\nRUN echo hi > /b/c && chmod 600 /b/c", []),
        ('COPY a /a\nRUN ["chmod", "755", "/a"]', ['"chmod", "755", "/a"']),
        ("RUN chmod +x /a\nCOPY a /a", []),
        ("COPY . $B\nRUN chmod +x /b/a", []),
    ],
)
def test_a_mode_changed_later_stores_the_file_again(lines: str, expected: list[str]) -> None:
    assert expected == marked("DO2006", f"FROM debian:12\n{lines}\n")

"""Secrets, passwords and rights in the forms people write them."""

import pytest

from tests.checks.marks import marked

TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("code", "line", "expected"),
    [
        ("DO4003", f"ENV A={TOKEN}", [TOKEN]),
        ("DO4003", f"RUN git clone https://{TOKEN}@github.com/a/b", [TOKEN]),
        ("DO4003", f"RUN <<EOF\ncurl -H 'Authorization: {TOKEN}' https://a.com\nEOF", [TOKEN]),
        ("DO4003", f"LABEL a={TOKEN[:20]}", []),
        ("DO4003", "ENV A=AKIAIOSFODNN7EXAMPLE", []),
        ("DO4003", "# AKIAJ5XQRV3TZ2WNDE7Q\nRUN a", []),
        ("DO4010", "ENV A=postgres://a:s3cret!@db/b", ["s3cret!"]),
        ("DO4010", "ENV A=postgres://a:$PASSWORD@db/b", []),
        ("DO4010", "ENV A=postgres://a:password@db/b", []),
        ("DO4010", "RUN npm i -g @a/b@https://a.com:80/c@1", []),
        ("DO4010", "RUN API_KEY=abc123 ./run", ["API_KEY"]),
        ("DO4010", "RUN API_KEY=$KEY ./run", []),
        ("DO4010", "RUN API_KEY=$(cat /run/secrets/key) ./run", []),
        ("DO4010", "RUN for key in 0xABC; do gpg --recv-keys $key; done", []),
        ("DO4004", "RUN echo a:b | chpasswd", ["a:b"]),
        ("DO4004", "RUN echo a:$B | chpasswd", []),
        ("DO4004", "RUN echo 'a:$6$b$c' | chpasswd -e", ["'a:$6$b$c'"]),
        ("DO4004", "RUN chpasswd <<< a:b", ["a:b"]),
        ("DO4004", "RUN useradd -m -p b a", ["b"]),
        ("DO4004", "RUN usermod --password=b a", ["--password=b"]),
        ("DO4004", "RUN useradd -p $(openssl passwd $B) a", []),
        ("DO4004", "RUN echo hi; passwd -d a", []),
        ("DO4006", "RUN wget http://a.com/b", ["http://a.com/b"]),
        ("DO4006", "RUN wget http://a.com/b && echo c b | sha256sum -c", []),
        ("DO4006", "RUN wget http://a.com/b\nRUN echo c b | sha256sum -c", []),
        ("DO4006", "RUN wget http://a.com/b\nRUN echo c d | sha256sum -c", ["http://a.com/b"]),
        ("DO4006", "RUN curl http://localhost:80/b http://db/c http://$HOST/d", []),
        ("DO4006", "RUN curl -x http://proxy.a.com https://a.com/b", []),
        ("DO4006", "ADD http://a.com/b /b", ["http://a.com/b"]),
        ("DO4006", "ADD --checksum=sha256:0 http://a.com/b /b", []),
        ("DO4009", "RUN chmod 0777 /a", ["0777"]),
        ("DO4009", "RUN chmod 1777 /a", []),
        ("DO4009", "RUN chmod 777 /tmp", []),
        ("DO4009", "RUN chmod u=rwX,o+w /a", ["u=rwX,o+w"]),
        ("DO4009", "RUN chmod +w /a; chmod g+w /a; chmod o-w /a; chmod 775 /a", []),
        ("DO4009", "RUN install -d -m 0777 /a", ["0777"]),
    ],
)
def test_what_is_found_and_where(code: str, line: str, expected: list[str]) -> None:
    assert expected == marked(code, f"FROM debian:12\n{line}\n")

"""What fixes make of instructions that no rule page shows."""

import pytest

from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import fix_source
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source


def fixed(code: str, text: str, least: Applicability = Applicability.SAFE) -> str:
    """Return a file after the fixes of one rule."""
    done = fix_source(Source(text), Settings(select=frozenset((code.lower(),))), least=least)
    assert done.bugs == ()
    return done.source.text


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        pytest.param("LegacyKeyValueFormat", "ENV a b", "ENV a=b", id="one word"),
        pytest.param("LegacyKeyValueFormat", "ENV a  b  c", 'ENV a="b  c"', id="blanks"),
        pytest.param("LegacyKeyValueFormat", "ENV a \\\n  b", "ENV a=\\\nb", id="a continuation before it"),
        pytest.param(
            "LegacyKeyValueFormat",
            "ENV a \\\n  # why\n  b c",
            'ENV a=\\\n  # why\n"b c"',
            id="a comment before it",
        ),
        pytest.param("LegacyKeyValueFormat", "ENV a b \\\n c", 'ENV a="b \\\n c"', id="a continuation in it"),
        pytest.param("LegacyKeyValueFormat", 'ENV a b "c d"', 'ENV a=b\\ "c d"', id="quotes in it"),
        pytest.param("LegacyKeyValueFormat", 'ENV a "c d"', 'ENV a="c d"', id="in quotes"),
        pytest.param("LegacyKeyValueFormat", "ENV a $b:/c", "ENV a=$b:/c", id="a variable"),
        pytest.param("LegacyKeyValueFormat", "ENV a it's", "ENV a it's", id="a quote without an end"),
        pytest.param("LegacyKeyValueFormat", "LABEL a b=c", "LABEL a=b=c", id="an equals sign in it"),
        pytest.param("LegacyKeyValueFormat", "ONBUILD ENV a b", "ONBUILD ENV a=b", id="a trigger"),
        pytest.param(
            "DL4000",
            "maintainer a $b",
            'label org.opencontainers.image.authors="a \\$b"',
            id="in lower case",
        ),
        pytest.param(
            "DL4000",
            'MAINTAINER "a" <b>',
            'LABEL org.opencontainers.image.authors="\\"a\\" <b>"',
            id="quotes that are part of it",
        ),
        pytest.param(
            "DL4000",
            "MAINTAINER a \\\n  b",
            'LABEL org.opencontainers.image.authors="a \\\n  b"',
            id="over two lines",
        ),
        pytest.param(
            "DL4000",
            "MAINTAINER a\nLABEL org.opencontainers.image.authors=b",
            "MAINTAINER a\nLABEL org.opencontainers.image.authors=b",
            id="beside the label",
        ),
        pytest.param("DL3020", "add --chown=1 a b", "copy --chown=1 a b", id="flags"),
        pytest.param("DL3020", "ADD a.tar.gz b", "ADD a.tar.gz b", id="an archive"),
        pytest.param(
            "DL4003", "CMD a\n\n# why\nCMD b\nCMD c", "\n# why\nCMD c", id="several, and a comment that stays"
        ),
        pytest.param(
            "DL4003",
            "# hadolint ignore=DL3025\nCMD a\nCMD b",
            "# hadolint ignore=DL3025\nCMD a\nCMD b",
            id="a comment for a linter",
        ),
        pytest.param("DL4003", "RUN x\n\nCMD a\n\nCMD b", "RUN x\n\nCMD b", id="between blank lines"),
        pytest.param("DL3000", "WORKDIR /a\nWORKDIR ./b/../c", "WORKDIR /a\nWORKDIR /a/c", id="dots"),
        pytest.param("DL3000", "WORKDIR $A\nWORKDIR b", "WORKDIR $A\nWORKDIR b", id="below a variable"),
        pytest.param("DL3000", "WORKDIR b", "WORKDIR b", id="below nothing"),
        pytest.param("DL3027", "RUN apt list", "RUN apt list", id="an action of apt alone"),
        pytest.param("DL3027", "RUN sh -c 'apt update'", "RUN sh -c 'apt update'", id="in quotes"),
        pytest.param(
            "DL3009",
            "RUN apt-get update\nRUN apt-get install a",
            "RUN apt-get update\nRUN apt-get install a",
            id="lists that are used later",
        ),
        pytest.param(
            "DL3009",
            "RUN apt-get update\nRUN apt-get update && apt-get install a && rm -rf /var/lib/apt/lists/*",
            "RUN apt-get update && rm -rf /var/lib/apt/lists/*\n"
            "RUN apt-get update && apt-get install a && rm -rf /var/lib/apt/lists/*",
            id="lists that are fetched again",
        ),
        pytest.param(
            "DL3009",
            "RUN apt-get update\nRUN ./setup.sh",
            "RUN apt-get update\nRUN ./setup.sh",
            id="a script",
        ),
        pytest.param(
            "DL3019",
            "RUN apk update && apk upgrade && apk add a",
            "RUN apk update && apk upgrade && apk add --no-cache a",
            id="an index that is used",
        ),
        pytest.param(
            "NoEmptyContinuation",
            "RUN a \\\n\n  \n  # why\n\n  b",
            "RUN a \\\n  # why\n  b",
            id="blank lines around a comment",
        ),
        pytest.param(
            "StageNameCasing",
            "FROM a:1 AS B\nFROM c:1\nCOPY --from=B x y\nCOPY --from=b x y\nRUN --mount=from=B,target=/b c",
            "FROM a:1 AS b\nFROM c:1\nCOPY --from=b x y\nCOPY --from=b x y\nRUN --mount=from=b,target=/b c",
            id="everything that names the stage",
        ),
        pytest.param(
            "DL3065", "FROM --platform=$TARGETPLATFORM \\\n  a:1", "FROM \\\n  a:1", id="a line end"
        ),
        pytest.param(
            "ConsistentInstructionCasing",
            "run a\nCo\\\npy a b\nRUN c",
            "RUN a\nCo\\\npy a b\nRUN c",
            id="a cut",
        ),
    ],
)
def test_a_safe_fix(code: str, before: str, after: str) -> None:
    start = "" if before.startswith("FROM") else "FROM debian:12\n"
    assert fixed(code, f"{start}{before}\n") == f"{start}{after}\n"


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        pytest.param(
            "DL3003",
            "WORKDIR /a\n# why\nRUN cd /b && \\\n    c\nWORKDIR /d",
            "WORKDIR /a\nWORKDIR /b\n# why\nRUN c\nWORKDIR /d",
            id="a directory that is left anyway",
        ),
        pytest.param("DL3004", "RUN sudo a && b | sudo c -d", "RUN a && b | c -d", id="every sudo"),
        pytest.param("DL3004", "RUN sudo -E a", "RUN sudo -E a", id="an option"),
        pytest.param("DL3004", "USER node\nRUN sudo a", "USER node\nRUN sudo a", id="a user who is not root"),
        pytest.param("DL3004", "RUN sudo a && sh -c 'sudo b'", "RUN sudo a && sh -c 'sudo b'", id="quotes"),
        pytest.param("DL3003", "RUN cd /b && c", "RUN cd /b && c", id="no way back"),
        pytest.param(
            "DL3003",
            "WORKDIR /a\nRUN cd /b && c && cd d && e",
            "WORKDIR /a\nRUN cd /b && c && cd d && e",
            id="another directory after it",
        ),
        pytest.param("DO7002", "RUN curl -o a b.c/a", "RUN curl -f -o a b.c/a", id="curl without letters"),
        pytest.param("DO7003", "RUN curl -fsS -o a b.c/a", "RUN curl -fsSL -o a b.c/a", id="one letter more"),
        pytest.param(
            "DO4005",
            "RUN curl --insecure -o a https://b.c",
            "RUN curl -o a https://b.c",
            id="a word of its own",
        ),
        pytest.param(
            "DO4005",
            "RUN npm config set strict-ssl false",
            "RUN npm config set strict-ssl false",
            id="a setting",
        ),
        pytest.param(
            "DO3002",
            "USER a:b\nCOPY c d\nCOPY --link e f\nRUN g",
            "USER a:b\nCOPY --chown=a:b c d\nCOPY --link e f\nRUN g",
            id="a group, and a layer that knows no names",
        ),
        pytest.param(
            "DO2006",
            "COPY a.sh /b.sh\nRUN chmod 755 /b.sh && c",
            "COPY --chmod=755 a.sh /b.sh\nRUN c",
            id="the mode of a file",
        ),
        pytest.param(
            "DO2006",
            "COPY --chmod=700 a.sh /b.sh\nENV A=1\nRUN chown a:b /b.sh",
            "COPY --chown=a:b --chmod=700 a.sh /b.sh\nENV A=1",
            id="the owner of a file",
        ),
        *(
            pytest.param("DO2006", text, text, id=what)
            for text, what in (
                ("WORKDIR /a\nCOPY . .\nRUN chown -R b:c /a", "a folder, where more may be"),
                ("COPY a.sh c.sh /b/\nRUN chmod +x /b/a.sh", "one of several files"),
                ("COPY a.sh /b.sh\nRUN /b.sh\nRUN chmod 700 /b.sh", "a file that is used between"),
                ("COPY a.sh /b.sh\nRUN chmod u-w /b.sh", "a mode that depends on the old one"),
                ("COPY a.sh /b.sh\nRUN chmod 755 /b.sh /d", "another file"),
            )
        ),
        pytest.param(
            "DL3003", "WORKDIR /a\nRUN cd b && c", "WORKDIR /a\nRUN cd b && c", id="a relative directory"
        ),
        pytest.param("DL3003", "WORKDIR /a\nRUN cd /b; c", "WORKDIR /a\nRUN cd /b; c", id="a semicolon"),
        pytest.param("DL3000", "WORKDIR b", "WORKDIR /b", id="a directory below nothing"),
        pytest.param("DL3021", 'COPY ["a", "b", "c"]', 'COPY ["a", "b", "c/"]', id="a list"),
        pytest.param("DL3000", "WORKDIR ../b", "WORKDIR ../b", id="a directory above nothing"),
        pytest.param("DL3025", "CMD a \\\n  # why\n  b", 'CMD ["a", \\\n  # why\n  "b"]', id="over lines"),
        pytest.param("DL3025", "CMD a $B", "CMD a $B", id="a variable"),
        pytest.param("DL3025", "CMD cd a", "CMD cd a", id="a command of the shell"),
        pytest.param("DL3025", "ENTRYPOINT a\nCMD b", 'ENTRYPOINT a\nCMD ["b"]', id="beside a CMD"),
        pytest.param(
            "DL4006",
            "RUN a\n# why\nRUN b | c\nRUN d | e",
            'RUN a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n# why\nRUN b | c\nRUN d | e',
            id="one SHELL for all",
        ),
        pytest.param(
            "DL4006",
            'SHELL ["/bin/bash", "-ec"]\nRUN b | c',
            'SHELL ["/bin/bash", "-ec"]\nSHELL ["/bin/bash", "-o", "pipefail", "-ec"]\nRUN b | c',
            id="a shell that is set",
        ),
        pytest.param("DL4006", "FROM some/image:1\nRUN b | c", "FROM some/image:1\nRUN b | c", id="no bash"),
        pytest.param(
            "DO1003",
            "RUN npm ci && npm cache clean --force",
            "RUN --mount=type=cache,target=/root/.npm npm ci",
            id="a cleaning that would empty it",
        ),
        pytest.param(
            "DO1003",
            "RUN npm ci && rm -rf /root/.npm /tmp/x",
            "RUN npm ci && rm -rf /root/.npm /tmp/x",
            id="a cleaning that does more",
        ),
        pytest.param(
            "DO1003",
            "ENV PIP_NO_CACHE_DIR=1\nRUN pip install -r a.txt",
            "ENV PIP_NO_CACHE_DIR=1\nRUN pip install -r a.txt",
            id="a variable that keeps it empty",
        ),
        pytest.param(
            "DO1002",
            "ARG GIT_SHA\nARG BUILD_DATE\nLABEL a=$GIT_SHA b=$BUILD_DATE\nRUN apt-get update\nEXPOSE 1",
            "RUN apt-get update\nEXPOSE 1\nARG GIT_SHA\nARG BUILD_DATE\nLABEL a=$GIT_SHA b=$BUILD_DATE",
            id="two arguments and their label",
        ),
        pytest.param(
            "DO1002",
            "ARG GIT_SHA\nENV A=1 B=$GIT_SHA\nRUN apt-get update",
            "ARG GIT_SHA\nENV A=1 B=$GIT_SHA\nRUN apt-get update",
            id="an ENV that says more",
        ),
        pytest.param(
            "DO4006",
            "RUN wget http://a.com/b http://a.com/c",
            "RUN wget https://a.com/b https://a.com/c",
            id="two addresses",
        ),
        pytest.param(
            "DO4006",
            "RUN wget http://a.com/b ftp://a.com/c",
            "RUN wget http://a.com/b ftp://a.com/c",
            id="an address without https",
        ),
        pytest.param("DO4006", "ADD http://a.com/b /b", "ADD https://a.com/b /b", id="an address of ADD"),
        pytest.param(
            "DO4002",
            "RUN pip install \\\n  --trusted-host=a.com \\\n  # why\n  six",
            "RUN pip install \\\n  # why\n  six",
            id="an option on a line of its own",
        ),
        pytest.param(
            "DO4002",
            "RUN apt-get install -y --force-yes x",
            "RUN apt-get install -y x",
            id="an answer that is there already",
        ),
        pytest.param(
            "DL4005",
            "run rm /bin/sh \\\n && ln -s bash /bin/sh\n# why\nrun x",
            'shell ["/bin/bash", "-c"]\n# why\nrun x',
            id="a shell over two lines",
        ),
        pytest.param(
            "DL4005",
            "RUN make && ln -s /bin/bash /bin/sh",
            "RUN make && ln -s /bin/bash /bin/sh",
            id="a shell beside something else",
        ),
        pytest.param(
            "DO7011",
            "RUN gem install x && bundle install --deployment --without=test || true",
            "RUN gem install x && bundle install --deployment --without=test || true",
            id="options of a command that may fail",
        ),
        pytest.param(
            "DO7011",
            "RUN BUNDLE_JOBS=4 bundle install --frozen --path=$GEMS",
            "RUN bundle config set --local frozen true && BUNDLE_JOBS=4 bundle install --path=$GEMS",
            id="an option with a variable",
        ),
        pytest.param(
            "DO2004",
            "RUN cd /a && wget https://a.com/b.tgz && tar xf b.tgz",
            "RUN cd /a && wget https://a.com/b.tgz && tar xf b.tgz",
            id="an archive in another folder",
        ),
        pytest.param(
            "DO2004",
            "RUN cd /a && wget -O /b.tgz https://a.com/b && tar xf /b.tgz",
            "RUN cd /a && wget -O /b.tgz https://a.com/b && tar xf /b.tgz && rm /b.tgz",
            id="an archive by its whole path",
        ),
        pytest.param(
            "DO3007",
            "LABEL a=b \\\n  c=d\nLABEL c=e a=f",
            "LABEL a=b \\\n  c=d\nLABEL c=e a=f",
            id="labels on lines of their own",
        ),
        pytest.param(
            "DL3048", "LABEL a=b A=c d..E=f", "LABEL a=b A=c d.e=f", id="keys of which one is there already"
        ),
        pytest.param(
            "UndefinedVar",
            "LABEL a=$TARGETARCH\n# why\nLABEL b=$TARGETARCH",
            "ARG TARGETARCH\nLABEL a=$TARGETARCH\n# why\nLABEL b=$TARGETARCH",
            id="a variable that is used twice",
        ),
        pytest.param(
            "DO7006",
            "RUN ['echo', '$A']",
            "RUN ['echo', '$A']",
            id="a list whose variable a shell would read",
        ),
    ],
)
def test_an_unsafe_fix(code: str, before: str, after: str) -> None:
    start = "" if before.startswith("FROM") else "FROM debian:12\n"
    assert fixed(code, f"{start}{before}\n", Applicability.UNSAFE) == f"{start}{after}\n"


def test_unsafe_fixes_are_not_applied_as_safe_ones() -> None:
    text = "FROM debian:12\nWORKDIR b\nRUN a | b\nRUN npm ci\nCMD npm start\n"
    assert fix_source(Source(text)).source.text == text


def test_a_cache_mount_goes_before_an_option_that_keeps_nothing() -> None:
    text = "FROM python:3.13\nCOPY a.txt .\nRUN pip install -r a.txt\n"
    settings = Settings(select=frozenset(("do1003", "dl3042")))
    done = fix_source(Source(text), settings, least=Applicability.UNSAFE)
    assert done.source.text == text.replace("RUN", "RUN --mount=type=cache,target=/root/.cache/pip")
    assert lint_source(done.source, settings) == ()

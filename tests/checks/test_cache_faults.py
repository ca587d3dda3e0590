"""Steps that the cache runs too often or keeps too long, in the forms people write them."""

import pytest

from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source
from tests.checks.marks import marked


@pytest.mark.parametrize(
    ("code", "lines", "expected"),
    [
        ("DO1006", "COPY package.json ./\nRUN apk add git\nRUN npm ci", ["apk add git"]),
        ("DO1006", "COPY package.json .npmrc ./\nRUN npm ci", []),
        ("DO1006", "COPY . .\nRUN apk add git", []),
        ("DO1006", "COPY package.json ./\nRUN apk add git && npm ci", []),
        ("DO1006", "COPY package.json ./\nRUN npm install -g $(node -p require('./package.json').a)", []),
        ("DO1006", "COPY package.json ./\nRUN npm run x && apk add git", []),
        ("DO1006", "COPY requirements.txt /\nRUN pip install -r requirements.txt", []),
        ("DO1006", "COPY --from=x package.json ./\nRUN apk add git", []),
        ("DO1006", "COPY go.mod go.sum ./\nRUN go mod download\nRUN go build", []),
        ("DO1006", "RUN --mount=type=bind,source=package.json,target=p npm ci\nRUN apk add git", []),
        ("DO1007", "COPY package.json ./\nRUN yarn", ["yarn"]),
        ("DO1007", "COPY package.json yarn.lock* ./\nRUN yarn", []),
        ("DO1007", "COPY package*.json ./\nRUN npm i", []),
        ("DO1007", "COPY a.txt ./\nRUN npm i", []),
        ("DO1007", "COPY package.json ./\nRUN npm i express", []),
        ("DO1007", "COPY package.json ./\nCOPY --from=a /b ./\nRUN npm i", []),
        ("DO1007", "COPY app ./\nRUN npm i", []),
        ("DO1007", "COPY $A package.json ./\nRUN npm i", []),
        ("DO1007", "RUN --mount=type=bind,src=package.json,target=package.json pnpm i", ["pnpm i"]),
        ("DO1007", "RUN --mount=type=bind,target=/src npm i", []),
        ("DO1007", "COPY pyproject.toml ./\nRUN poetry install", ["poetry install"]),
        ("DO1007", "COPY pyproject.toml requirements.txt ./\nRUN uv pip install -r requirements.txt", []),
        ("DO1008", "RUN curl -O https://a.com/tool-latest.tar.gz", ["https://a.com/tool-latest.tar.gz"]),
        ("DO1008", "RUN curl -O https://a.com/latest/tool", ["https://a.com/latest/tool"]),
        ("DO1008", "RUN curl -O https://a.com/greatest/tool", []),
        ("DO1008", "RUN curl -O https://a.com/main/tool", []),
        ("DO1008", "RUN wget https://a.com/b/archive/master.zip", ["https://a.com/b/archive/master.zip"]),
        ("DO1008", "RUN wget https://a.com/b/archive/v1.zip", []),
        ("DO1008", "ADD https://a.com/latest/tool /", []),
        ("DO1008", "ARG CACHEBUST\nRUN curl -O https://a.com/latest/tool", []),
    ],
)
def test_a_fault_is_found_where_it_is_one(code: str, lines: str, expected: list[str]) -> None:
    assert expected == marked(code, f"FROM a\n{lines}\n")


def _needless(ignore: str | None, *paths: str, line: str = "COPY . .", after: str = "") -> list[str]:
    context = Context(lambda: [File(path, 0, 0o644) for path in paths], ignore)
    settings = Settings(select=frozenset(("do5002",)))
    found = lint_source(Source(f"FROM a\n{line}\n{after}"), settings, context)
    return [each.finding.message.partition("when ")[2].partition(",")[0] for each in found]


def test_needless_files_are_named_with_the_lines_that_keep_them_out() -> None:
    assert _needless("", ".git/HEAD", "a.js") == ["`.git` changes"]
    assert _needless("", "docs/a", ".github/a", "a.js") == ["`.github` and `docs` change"]
    assert _needless("docs\n.github\n", "docs/a", ".github/a", "a.js") == []
    assert _needless(None, "docs/a") == []
    assert _needless("", "docs/a", line="COPY src .") == []
    assert _needless("", "docs/a", line="COPY --exclude=docs . .") == []
    assert _needless("", "src/docs/a", "a.js") == []
    assert _needless("", ".git/HEAD", after="RUN git describe\n") == []
    assert _needless("", "tests/a", after="RUN npm test\n") == []
    assert len(_needless("", "docs/a", after="COPY . /b\n")) == 1

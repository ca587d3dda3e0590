"""Which files are copied before an install, and when nothing is moved at all."""

import pytest

from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import fix_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source

START = "FROM node:22-slim\nWORKDIR /app\n"
NPM = {"package.json": "{}", "package-lock.json": "{}", "src/main.js": ""}
PIP = {"requirements.txt": "flask==3.1\n", "app.py": ""}
GO = {"go.mod": "module shop\n", "go.sum": "", "main.go": ""}


def context_of(files: dict[str, str]) -> Context:
    """Return a build context that holds these files."""
    listing = [File(path, len(content), 0o644) for path, content in files.items()]
    return Context(lambda: listing, None, read_text=files.get)


def fixed(text: str, files: dict[str, str]) -> str:
    """Return what comes of a Dockerfile whose build context holds these files."""
    context = context_of(files)
    settings = Settings(select=frozenset(("do1001",)))
    done = fix_source(Source(text), settings, context, Applicability.UNSAFE)
    assert done.bugs == ()
    return done.source.text


def moved(copies: str, install: str) -> str:
    return f"{START}{copies}RUN {install}\nCOPY . .\n"


@pytest.mark.parametrize(
    ("install", "files", "copies"),
    [
        pytest.param("npm ci", NPM, "COPY package.json package-lock.json ./\n", id="npm"),
        pytest.param(
            "yarn install --immutable",
            {
                "package.json": "{}",
                "yarn.lock": "",
                ".yarnrc.yml": "",
                ".yarn/releases/yarn.cjs": "",
                "a.js": "",
            },
            "COPY package.json yarn.lock .yarnrc.yml ./\nCOPY .yarn/releases/yarn.cjs ./.yarn/releases/\n",
            id="yarn with a release of its own",
        ),
        pytest.param(
            "pnpm install --frozen-lockfile",
            {
                "package.json": "{}",
                "pnpm-lock.yaml": "",
                "pnpm-workspace.yaml": "packages:\n  - 'apps/*' # all\n  - lib\nother:\n  - a\n",
                "apps/a/package.json": "{}",
                "lib/package.json": "{}",
                "other/package.json": "{}",
                "patches/x.patch": "",
                "a.js": "",
            },
            "COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\n"
            "COPY apps/a/package.json ./apps/a/\n"
            "COPY lib/package.json ./lib/\n"
            "COPY patches/x.patch ./patches/\n",
            id="a pnpm workspace with patches",
        ),
        pytest.param(
            "pip install -r requirements.txt",
            {
                **PIP,
                "requirements.txt": "-r base.txt\n-c limits/c.txt\n",
                "base.txt": "a==1\n",
                "limits/c.txt": "",
            },
            "COPY base.txt requirements.txt ./\nCOPY limits/c.txt ./limits/\n",
            id="requirements that include others",
        ),
        pytest.param(
            "pip install -r /app/requirements.txt", PIP, "COPY requirements.txt ./\n", id="an absolute path"
        ),
        pytest.param("go mod download", GO, "COPY go.mod go.sum ./\n", id="go"),
        pytest.param("apt-get install -y curl", NPM, "", id="packages by name"),
        pytest.param(
            "npm ci",
            {
                **NPM,
                "package.json": '{"workspaces": ["libs/**", "!libs/old/*"], '
                '"dependencies": {"a": "file:libs/a"}}',
                "libs/a/package.json": '{"bin": "run.js"}',
                "libs/a/run.js": "",
                "libs/a/other.js": "",
                "libs/b/c/package.json": '{"dependencies": {"a": "link:../../a"}}',
                "libs/old/x/package.json": "{",
            },
            "COPY package.json package-lock.json ./\n"
            "COPY libs/a/package.json libs/a/run.js ./libs/a/\n"
            "COPY libs/b/c/package.json ./libs/b/c/\n",
            id="workspaces that link each other, and the program of one",
        ),
    ],
)
def test_what_an_install_reads_is_copied_first(install: str, files: dict[str, str], copies: str) -> None:
    assert fixed(f"{START}COPY . .\nRUN {install}\n", files) == moved(copies, install)
    assert fixed(f"{START}COPY . .\nRUN {install}", files) == moved(copies, install).rstrip("\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "COPY web /srv\nWORKDIR /srv\nRUN npm ci\n",
            "COPY web/package.json web/package-lock.json /srv/\nWORKDIR /srv\nRUN npm ci\nCOPY web /srv\n",
            id="a folder of the context",
        ),
        pytest.param(
            "COPY . .\nWORKDIR /app/web\nRUN npm ci\n",
            "COPY . .\nWORKDIR /app/web\nRUN npm ci\n",
            id="a WORKDIR",
        ),
        pytest.param(
            "COPY . /app\nWORKDIR /app/web\nRUN npm ci\n",
            "COPY web/package.json web/package-lock.json /app/web/\n"
            "WORKDIR /app/web\nRUN npm ci\nCOPY . /app\n",
            id="a folder below the target",
        ),
        pytest.param(
            "COPY --chown=node:node . .\nRUN npm ci && npm run build\n",
            "COPY --chown=node:node . .\nRUN npm ci && npm run build\n",
            id="an install that is not at the manifests",
        ),
    ],
)
def test_folders(before: str, after: str) -> None:
    files = {"web/package.json": "{}", "web/package-lock.json": "{}", "web/a.js": "", "README.md": ""}
    assert fixed(START + before, files) == START + after


@pytest.mark.parametrize(
    ("body", "files"),
    [
        pytest.param("COPY . .\nRUN npm ci\n", {**NPM, "package.json": "{"}, id="a manifest that is no JSON"),
        pytest.param(
            "COPY . .\nRUN npm ci\n",
            {**NPM, "package.json": '{"scripts": {"preinstall": "node a.js"}}'},
            id="an install script that must run first",
        ),
        pytest.param(
            "COPY . .\nRUN yarn install\n",
            {**NPM, "package.json": '{"scripts": {"prepare": "node a.js"}}'},
            id="an install script that only some versions run",
        ),
        pytest.param(
            "COPY . .\nUSER node\nRUN npm ci\n",
            {**NPM, "package.json": '{"scripts": {"postinstall": "node a.js"}}'},
            id="a package.json that the user in force may not change",
        ),
        pytest.param(
            "COPY . .\nRUN npm ci || npm ci\n",
            {**NPM, "package.json": '{"scripts": {"postinstall": "node a.js"}}'},
            id="an install script, and an install that may fail",
        ),
        pytest.param(
            "COPY . .\nRUN npm ci\n",
            {
                **NPM,
                "package.json": '{"workspaces": ["a"]}',
                "a/package.json": '{"scripts": {"postinstall": "node a.js"}}',
            },
            id="an install script of a workspace",
        ),
        pytest.param(
            "COPY . .\nRUN if [ -f src/main.js ]; then npm ci; fi\n", NPM, id="if a source is there"
        ),
        pytest.param("COPY . .\nRUN if [ -d src ]; then npm ci; fi\n", NPM, id="if a folder is there"),
        pytest.param('COPY . .\nRUN if [ -f "$A" ]; then npm ci; fi\n', NPM, id="if some file is there"),
        pytest.param("COPY . .\nRUN if [ src -nt b ]; then npm ci; fi\n", NPM, id="if it is newer"),
        pytest.param("COPY . .\nRUN if ls; then npm ci; fi\n", NPM, id="if a program says so"),
        pytest.param("COPY . .\nRUN if true; then npm ci; make; fi\n", NPM, id="a program behind it"),
        pytest.param("COPY . .\nRUN <<EOF\nnpm ci\nmake\nEOF\n", NPM, id="a heredoc that goes on"),
        pytest.param("COPY . .\nRUN <<EOF\nnpm ci && make\nEOF\n", NPM, id="a heredoc that goes on by &&"),
        pytest.param("COPY . .\nRUN npm ci && cat <<EOF > a\nb\nEOF\n", NPM, id="a heredoc for a program"),
        pytest.param(
            "COPY . .\nRUN npm ci\n",
            {**NPM, "package.json": '{"dependencies": {"a": "file:lib"}}'},
            id="a dependency that is a folder",
        ),
        pytest.param("COPY . .\nRUN ls && npm ci\n", NPM, id="a command before it that reads files"),
        pytest.param("COPY . .\nRUN ls\nRUN npm ci\n", NPM, id="a step between that reads files"),
        pytest.param("COPY . .\nRUN cd web && npm ci\n", NPM, id="another folder"),
        pytest.param("COPY . .\nRUN npm ci --prefix web\n", NPM, id="another folder by an option"),
        pytest.param("ADD package.json a.tar src .\nRUN npm ci\n", NPM, id="ADD of what may be an archive"),
        pytest.param("COPY . .\nCOPY --from=x /a .\nRUN npm ci\n", NPM, id="a copy of another stage onto it"),
        pytest.param("ARG A=.\nCOPY $A .\nRUN npm ci\n", NPM, id="a variable"),
        pytest.param(
            "COPY . .\nRUN pip install -r requirements.txt\n",
            {**PIP, "requirements.txt": "-e .\n"},
            id="the project itself among the requirements",
        ),
        pytest.param(
            "COPY . .\nRUN go mod download\n",
            {**GO, "go.mod": "module shop\nreplace a => ./a\n"},
            id="a module that is a folder",
        ),
    ],
)
def test_nothing_is_moved_that_may_be_read(body: str, files: dict[str, str]) -> None:
    assert fixed(START + body, files) == START + body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "RUN CI=true npm ci && npm run build\n",
            "RUN CI=true npm ci\nCOPY . .\nRUN npm run build\n",
            id="a variable for the install",
        ),
        pytest.param(
            "RUN npm install -g npm@11 \\\n && npm ci \\\n && for d in *; do \\\n ls $d; \\\n done;\n",
            "RUN npm install -g npm@11 \\\n && npm ci\nCOPY . .\nRUN for d in *; do \\\n ls $d; \\\n done;\n",
            id="a command before it, a loop behind",
        ),
        pytest.param(
            "RUN set -eux; \\\n    npm ci; \\\n    npm run build\n",
            "RUN set -eux; \\\n    npm ci\nCOPY . .\nRUN set -eux; npm run build\n",
            id="set -e",
        ),
        pytest.param(
            "RUN npm ci && npm run build | tee log\n",
            "RUN npm ci\nCOPY . .\nRUN npm run build | tee log\n",
            id="a pipe",
        ),
        *(
            pytest.param(f"RUN {script}\n", None, id=script)
            for script in (
                "npm ci || npm run build",
                "npm ci; npm run build",
                "npm ci && npm run build; true",
                "(npm ci && npm run build)",
                "A=1 && npm ci && npm run build",
                "export A=1 && npm ci && npm run build",
                "npm ci && npm run build & wait",
                "npm ci && pip install .",
                "npm ci && npm run build && pip install flask",
            )
        ),
    ],
)
def test_a_run_is_cut_only_where_that_changes_nothing(before: str, after: str | None) -> None:
    copies = "COPY package.json package-lock.json ./\n"
    expected = f"COPY . .\n{before}" if after is None else copies + after
    assert fixed(f"{START}COPY . .\n{before}", NPM) == START + expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "ADD . .\nRUN npm ci\n",
            "COPY package.json package-lock.json ./\nRUN npm ci\nADD . .\n",
            id="ADD of a folder",
        ),
        pytest.param(
            "COPY . .\nCOPY x.js y.js\nRUN npm ci\n",
            "COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCOPY x.js y.js\n",
            id="a file that is not there yet, into what is moved",
        ),
        pytest.param(
            "COPY . .\nCOPY x.sh /usr/bin/\nRUN npm ci\n",
            "COPY package.json package-lock.json ./\nCOPY x.sh /usr/bin/\nRUN npm ci\nCOPY . .\n",
            id="a copy to somewhere else",
        ),
        pytest.param(
            "COPY main.js package* /app\nCOPY src ./src\nRUN npm ci\n",
            "COPY package.json package-lock.json /app/\n"
            "RUN npm ci\nCOPY main.js package* /app\nCOPY src ./src\n",
            id="manifests among sources, and more sources",
        ),
    ],
)
def test_other_copies(before: str, after: str) -> None:
    assert fixed(START + before, {**NPM, "main.js": "", "x.sh": ""}) == START + after


@pytest.mark.parametrize(
    ("mode", "script", "is_fixed"),
    [
        pytest.param(0o755, "greet", True, id="executable in the context"),
        pytest.param(0o644, "npm run a/greet", True, id="called nowhere"),
        pytest.param(
            0o644, "x && greet", False, id="made executable by the install, before it is copied again"
        ),
    ],
)
def test_a_program_of_a_workspace_must_stay_executable(mode: int, script: str, is_fixed: bool) -> None:
    files = {
        **NPM,
        "package.json": f'{{"workspaces": ["a"], "scripts": {{"build": "{script}"}}}}',
        "a/package.json": '{"name": "@x/greet", "bin": "g.js"}',
        "a/g.js": "",
    }
    listing = [File(path, len(content), mode) for path, content in files.items()]
    context = Context(lambda: listing, None, read_text=files.get)
    settings = Settings(select=frozenset(("do1001",)))
    source = Source(f"{START}COPY . .\nRUN npm ci\n")
    done = fix_source(source, settings, context, Applicability.UNSAFE)
    assert bool(done.fixed) is is_fixed


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            " if [ -f yarn.lock ]; then yarn --frozen-lockfile; elif [ -f package-lock.json ]; then npm ci; "
            "else echo none && exit 1; fi",
            id="if and elif",
        ),
        pytest.param(' case "$A" in dev) npm ci ;; *) npm ci --omit=dev ;; esac', id="case"),
        pytest.param(
            ' if [ "$A" = dev ] && test -n "$B"; then npm ci; else npm ci; fi', id="tests of values"
        ),
        pytest.param(" <<EOF\nset -e\nnpm ci\nEOF", id="a heredoc"),
    ],
)
def test_an_install_among_conditions_is_moved_as_a_whole(script: str) -> None:
    copies = "COPY package.json package-lock.json ./\n"
    expected = f"{START}{copies}RUN{script}\nCOPY . .\n"
    assert expected == fixed(f"{START}COPY . .\nRUN{script}\n", NPM)


@pytest.mark.parametrize(
    ("install", "scripts", "before", "after"),
    [
        pytest.param("npm ci", "postinstall", "RUN npm ci\n", "", id="npm"),
        pytest.param("npm ci", "postinstall prepare", "RUN npm ci\n", "", id="npm, two scripts"),
        pytest.param("pnpm i", "postinstall", "RUN CI=1 pnpm i\n", "", id="pnpm, with a variable"),
        pytest.param(
            "yarn install",
            "postinstall",
            "RUN --mount=type=cache,target=/c yarn install && yarn build\n",
            " && yarn build",
            id="yarn, in one RUN with the build",
        ),
    ],
)
def test_own_install_scripts_run_when_the_sources_are_there(
    install: str, scripts: str, before: str, after: str
) -> None:
    names = scripts.split()
    given = ", ".join(f'"{name}": "node main.js"' for name in names)
    files = {**NPM, "package.json": f'{{"scripts": {{{given}}}}}'}
    manager = install.partition(" ")[0]
    deleted = "npm pkg delete " + " ".join(f"scripts.{name}" for name in names)
    run = before.replace(after, "") if after else before
    begin = "RUN --mount=type=cache,target=/c" if "--mount" in before else "RUN"
    first = run.replace(
        "CI=1 " if "CI=1" in run else install, f"{deleted} && " + ("CI=1 " if "CI=1" in run else install)
    )
    again = " && ".join(f"{manager} run {name}" for name in names)
    expected = f"{START}COPY package.json package-lock.json ./\n{first}COPY . .\n{begin} {again}{after}\n"
    assert expected == fixed(f"{START}COPY . .\n{before}", files)


@pytest.mark.parametrize("image", ["node:14", "node:8-slim", "python:3.13", "debian", "node:$VERSION"])
def test_a_script_stays_where_the_image_may_have_no_npm_that_leaves_it_out(image: str) -> None:
    before = f"FROM {image}\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
    files = {**NPM, "package.json": '{"scripts": {"postinstall": "node main.js"}}'}
    assert before == fixed(before, files)


def test_copies_go_from_the_base_to_the_stages_that_are_from_it() -> None:
    base = "FROM node:22-slim AS base\nENV PNPM_HOME=/pnpm\nRUN corepack enable\n"
    mount = "RUN --mount=type=cache,id=pnpm,target=/pnpm/store"
    before = (
        f"{base}# all of it\nCOPY . /app\nWORKDIR /app\n\n"
        f"FROM base AS deps\n{mount} pnpm install --prod\n\n"
        f"FROM base AS build\n{mount} pnpm install\nRUN pnpm run build\n\n"
        "FROM base\nCOPY --from=deps /app/node_modules /app/node_modules\n"
        "COPY --from=build /app/dist /app/dist\n"
    )
    copied = "# all of it\nCOPY . /app\n"
    assert fixed(before, {**NPM, "pnpm-lock.yaml": ""}) == (
        f"{base}COPY package.json package-lock.json pnpm-lock.yaml /app/\nWORKDIR /app\n\n"
        f"FROM base AS deps\n{mount} pnpm install --prod\n{copied}\n"
        f"FROM base AS build\n{mount} pnpm install\n{copied}RUN pnpm run build\n\n"
        f"FROM base\n{copied}COPY --from=deps /app/node_modules /app/node_modules\n"
        "COPY --from=build /app/dist /app/dist\n"
    )


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param("RUN make\nFROM base\nRUN npm ci\n", id="a step of the base that reads them"),
        pytest.param("FROM base AS a\nRUN npm ci\nFROM b:1\nCOPY --from=base /app /app\n", id="a copy of it"),
        pytest.param("FROM base AS a\nRUN npm ci\nFROM b:1\nCOPY --from=$A /app /app\n", id="perhaps a copy"),
        pytest.param(
            "FROM base AS a\nRUN npm ci\nFROM b:1\nRUN --mount=from=base,target=/a make\n", id="a mount of it"
        ),
        pytest.param("WORKDIR /b\nFROM base\nWORKDIR /app\nRUN npm ci\n", id="another folder, and ."),
        pytest.param("ONBUILD RUN make\nFROM base\nRUN npm ci\n", id="a trigger"),
        pytest.param('CMD ["node", "."]\nFROM base\nRUN npm ci\n', id="a base that is run"),
        pytest.param("FROM base AS next\nFROM next\nRUN npm ci\n", id="a stage between"),
    ],
)
def test_copies_stay_in_a_base_that_needs_them(rest: str) -> None:
    before = f"FROM node:22-slim AS base\nWORKDIR /app\nCOPY . .\n{rest}"
    assert before == fixed(before, NPM)


def test_scripts_do_not_count_where_none_is_run() -> None:
    files = {**NPM, "package.json": '{"scripts": {"postinstall": "nuxt prepare"}}'}
    install = "npm ci --ignore-scripts"
    copies = "COPY package.json package-lock.json ./\n"
    assert fixed(f"{START}COPY . .\nRUN {install}\n", files) == moved(copies, install)


def test_what_is_there_already_is_not_copied_again() -> None:
    before = f"{START}COPY package*.json ./\nCOPY . .\nRUN npm ci\n"
    assert fixed(before, NPM) == f"{START}COPY package*.json ./\nRUN npm ci\nCOPY . .\n"


def test_comments_move_with_what_they_stand_above() -> None:
    before = f"{START}# the sources\nCOPY . .\n# what it needs\nRUN npm ci && \\\n    npm run build\n"
    assert fixed(before, NPM) == (
        f"{START}COPY package.json package-lock.json ./\n# what it needs\nRUN npm ci\n"
        "# the sources\nCOPY . .\nRUN npm run build\n"
    )

"""What a rewrite of a Python project gets wrong unless it looks: each a small project and one line."""

from pathlib import Path

import pytest

from dockeropt.errors import ExitCode, UsageError
from dockeropt.rewrite.python.plan import NotSplit, PythonPlan
from dockeropt.rewrite.rewriter import rewrite
from tests.rewrite.python.projects import FLASK, NAIVE, build_stage, last_stage, make, plan, rewritten


def dockerfile(text: str) -> dict[str, str]:
    """Return the files of a project with this Dockerfile; ``;`` ends a line."""
    return {"Dockerfile": "".join(f"{line.strip()}\n" for line in text.split(";;"))}


BASE = "FROM python:3.13;;WORKDIR /app;;COPY . .;;RUN pip install -r requirements.txt;;"


@pytest.mark.parametrize(
    ("start", "command"),
    [
        pytest.param("CMD python app.py", 'CMD ["python", "app.py"]', id="a shell in front"),
        pytest.param(
            "CMD uv run uvicorn app:app --host 0.0.0.0",
            'CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]',
            id="uv run syncs at every start",
        ),
        pytest.param("CMD uv run app.py", 'CMD ["python", "app.py"]', id="uv run of a file"),
        pytest.param(
            "CMD poetry run alembic upgrade head && poetry run gunicorn app:app -b :80",
            'CMD ["sh", "-c", "alembic upgrade head && exec gunicorn app:app -b :80"]',
            id="a migration before the server",
        ),
        pytest.param(
            "CMD gunicorn app:app -b 0.0.0.0:$PORT",
            'CMD ["sh", "-c", "exec gunicorn app:app -b 0.0.0.0:$PORT"]',
            id="a variable needs a shell, the server the signals",
        ),
        pytest.param(
            "CMD gunicorn app:app --workers $(nproc)",
            'CMD ["sh", "-c", "exec gunicorn app:app --workers $(nproc) --bind 0.0.0.0:8000"]',
            id="a substitution is no command of its own",
        ),
        pytest.param(
            'CMD ["uvicorn", "app:app"]',
            'CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]',
            id="uvicorn listens to itself alone",
        ),
        pytest.param(
            'CMD ["flask", "run"]', 'CMD ["flask", "run", "--host", "0.0.0.0"]', id="so does flask run"
        ),
        pytest.param(
            'CMD ["python", "manage.py", "runserver"]',
            'CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]',
            id="and runserver",
        ),
        pytest.param(
            'CMD ["python", "manage.py", "runserver", "127.0.0.1:80"]',
            'CMD ["python", "manage.py", "runserver", "0.0.0.0:80"]',
            id="an address of the container's own",
        ),
        pytest.param(
            'CMD ["gunicorn", "app:app", "-c", "conf.py"]',
            'CMD ["gunicorn", "app:app", "-c", "conf.py"]',
            id="a configuration may say the address",
        ),
        pytest.param(
            'CMD ["/usr/local/bin/gunicorn", "app:app", "-b", ":80"]',
            'CMD ["/opt/venv/bin/gunicorn", "app:app", "-b", ":80"]',
            id="a program's full path moves",
        ),
        pytest.param(
            "CMD python a.py & python b.py",
            'CMD ["sh", "-c", "python a.py & python b.py"]',
            id="several processes stay as they are",
        ),
    ],
)
def test_the_start(tmp_path: Path, start: str, command: str) -> None:
    assert command == last_stage(rewritten(tmp_path, dockerfile(BASE + start))).splitlines()[-1]


def test_flask_run_host_in_the_environment_is_enough(tmp_path: Path) -> None:
    files = dockerfile(BASE + 'ENV FLASK_RUN_HOST=0.0.0.0;;CMD ["flask", "run"]')
    assert rewritten(tmp_path, files).endswith('CMD ["flask", "run"]\n')


@pytest.mark.parametrize(
    ("source", "start", "is_interrupted"),
    [
        pytest.param("print(1)", 'CMD ["python", "job.py"]', True, id="a script that handles no signal"),
        pytest.param("import signal\nsignal.SIGTERM", 'CMD ["python", "job.py"]', False, id="one that does"),
        pytest.param("print(1)", 'CMD ["gunicorn", "job:app", "-b", ":80"]', False, id="a server that does"),
        pytest.param("print(1)", 'CMD ["flask", "run"]', True, id="flask run"),
        pytest.param(
            "print(1)", 'STOPSIGNAL SIGQUIT;;CMD ["python", "job.py"]', False, id="a signal of its own"
        ),
    ],
)
def test_pid_1_ignores_sigterm(tmp_path: Path, source: str, start: str, is_interrupted: bool) -> None:
    text = rewritten(tmp_path, {"job.py": source, **dockerfile(BASE + start)})
    assert is_interrupted is ("STOPSIGNAL SIGINT\n" in text)


@pytest.mark.parametrize(
    ("old", "build", "run"),
    [
        pytest.param("python:3.12", "python:3.12", "python:3.12-slim", id="a version"),
        pytest.param(
            "python:3.12.4-bookworm", "python:3.12.4-bookworm", "python:3.12.4-slim-bookworm", id="a release"
        ),
        pytest.param("python", "python", "python:slim", id="no tag"),
        pytest.param("python:latest", "python:latest", "python:slim", id="latest"),
        pytest.param(
            "ghcr.io/astral-sh/uv:python3.12-bookworm",
            "ghcr.io/astral-sh/uv:python3.12-bookworm",
            "python:3.12-slim-bookworm",
            id="an image with uv",
        ),
        pytest.param(
            "public.ecr.aws/docker/library/python:3.12",
            "public.ecr.aws/docker/library/python:3.12",
            "public.ecr.aws/docker/library/python:3.12-slim",
            id="another registry",
        ),
        pytest.param(
            "--platform=linux/amd64 python:3.12",
            "--platform=linux/amd64 python:3.12",
            "--platform=linux/amd64 python:3.12-slim",
            id="a platform",
        ),
    ],
)
def test_the_version_stays(tmp_path: Path, old: str, build: str, run: str) -> None:
    text = rewritten(tmp_path, dockerfile(BASE.replace("python:3.13", old) + 'CMD ["python", "app.py"]'))
    assert f"FROM {build} AS build\n" in text
    assert f"\nFROM {run}\n" in text


@pytest.mark.parametrize(
    ("argument", "old", "run"),
    [
        pytest.param("VERSION=3.12", "python:${VERSION}", "python:${VERSION}-slim", id="the version"),
        pytest.param("TAG=3.12-bookworm", "python:$TAG", "python:3.12-slim-bookworm", id="the release too"),
        pytest.param("IMAGE=python:3.12", "$IMAGE", "python:3.12-slim", id="the whole image"),
    ],
)
def test_a_version_in_a_variable(tmp_path: Path, argument: str, old: str, run: str) -> None:
    files = dockerfile(f"ARG {argument};;" + BASE.replace("python:3.13", old) + 'CMD ["python", "app.py"]')
    text = rewritten(tmp_path, files)
    assert text.startswith(f"ARG {argument}\n\nFROM {old} AS build\n")
    assert f"\nFROM {run}\n" in text


@pytest.mark.parametrize(
    ("dockerfile_text", "reason"),
    [
        pytest.param(
            "FROM python:3.13-slim;;COPY requirements.txt .;;RUN pip install -r requirements.txt;;COPY . .",
            "nothing is installed for the build alone",
            id="pip on slim",
        ),
        pytest.param(
            "FROM python:3.13 AS a;;RUN x;;FROM python:3.13;;COPY --from=a /x /x",
            "several stages",
            id="stages",
        ),
        pytest.param("FROM ubuntu:24.04;;RUN pip install flask", "is no Python image", id="another base"),
        pytest.param(
            "FROM python:3.13;;COPY . .;;RUN make install", "`make install` leaves behind", id="make"
        ),
        pytest.param(
            "FROM python:3.13;;COPY . .;;RUN pip install -r r.txt;;",
            "/r.txt, from which it installs",
            id="no file",
        ),
        pytest.param(
            "FROM python:3.13;;COPY . .;;RUN if true; then pip install flask; fi",
            "decides while it is built",
            id="if",
        ),
        pytest.param(
            "FROM python:3.13;;RUN curl https://x.dev | bash - && apt-get install -y node;;RUN pip install x",
            "leaves behind cannot be seen",
            id="a foreign package source",
        ),
        pytest.param(
            "FROM python:3.13;;RUN pip install flask;;COPY a.py /usr/local/lib/python3.13/site-packages/",
            "the folder of Python packages",
            id="site-packages by name",
        ),
        pytest.param("FROM python:3.13;;CMD python", "installs no Python packages", id="no install"),
    ],
)
def test_what_is_left_as_it_is(tmp_path: Path, dockerfile_text: str, reason: str) -> None:
    made = plan(tmp_path, dockerfile(dockerfile_text))
    assert isinstance(made, NotSplit)
    assert reason in made.reason


@pytest.mark.parametrize(
    ("package", "build", "run"),
    [
        pytest.param("build-essential", True, False, id="a compiler"),
        pytest.param("libpq-dev", True, False, id="headers"),
        pytest.param("gettext", False, True, id="a program"),
        pytest.param("libuv1-dev", True, True, id="headers whose library is not known"),
        pytest.param("ffmpeg", False, True, id="a program of the table"),
    ],
)
def test_where_a_system_package_goes(tmp_path: Path, package: str, build: bool, run: bool) -> None:
    old = f"FROM python:3.13-slim;;RUN apt-get update && apt-get install -y gcc {package};;"
    text = rewritten(tmp_path, dockerfile(old + BASE.partition(";;")[2] + 'CMD ["python", "app.py"]'))
    assert build is (f" {package}" in build_stage(text))
    assert run is (f" {package}" in last_stage(text))


def test_what_the_old_file_takes_out_again_is_for_the_build(tmp_path: Path) -> None:
    old = (
        "FROM python:3.13-alpine;;COPY . .;;RUN apk add --no-cache --virtual .deps some-headers && "
        "pip install -r requirements.txt && apk del .deps;;CMD python app.py"
    )
    text = rewritten(tmp_path, dockerfile(old))
    assert "some-headers" in build_stage(text)
    assert "some-headers" not in last_stage(text)


def test_libraries_that_only_the_fat_image_has(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "psycopg2==2.9.10\npython-magic==0.4\n",
        **dockerfile(BASE + "CMD python app.py"),
    }
    assert "libmagic1 libpq5\n" in last_stage(rewritten(tmp_path, files))


def test_a_program_that_the_sources_call(tmp_path: Path) -> None:
    files = {
        "app.py": 'import subprocess\nsubprocess.run(["git", "log"])\n',
        **dockerfile(BASE + "CMD python app.py"),
    }
    assert " git\n" in last_stage(rewritten(tmp_path, files))


def test_curl_stays_unless_only_the_health_check_used_it(tmp_path: Path) -> None:
    old = (
        "FROM python:3.13-slim;;RUN apt-get update && apt-get install -y gcc curl;;" + BASE.partition(";;")[2]
    )
    files = dockerfile(old + "HEALTHCHECK CMD curl -f http://localhost:80/up;;CMD python app.py")
    text = last_stage(rewritten(tmp_path, files))
    assert "install curl" not in text
    assert "c.request('GET', '/up')" in text
    other = rewritten(tmp_path, dockerfile(old + "CMD python app.py"))
    assert "curl" in last_stage(other)


@pytest.mark.parametrize(
    ("source", "owner"),
    [
        pytest.param("import sqlite3", "--chown=app:app ", id="SQLite beside the sources"),
        pytest.param("open('log.txt', 'a')", "--chown=app:app ", id="a file it writes"),
        pytest.param("open('data.json')", "", id="a file it reads"),
    ],
)
def test_an_app_that_writes_into_its_own_folder(tmp_path: Path, source: str, owner: str) -> None:
    text = rewritten(tmp_path, {"app.py": source, **dockerfile(BASE + "CMD python app.py")})
    assert f"COPY {owner}. .\n" in last_stage(text)
    assert "install -d -o app -g app /app\n" in text


def test_folders_it_writes_to_belong_to_the_user(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    build: .\n    volumes:\n      - ./in:/inbox\n"
        "  db:\n    image: postgres\n    volumes:\n      - data:/var/lib/postgresql/data\n",
        **dockerfile(BASE + "ENV LOG_DIR=/var/log/shop;;VOLUME /data;;CMD python app.py"),
    }
    assert "install -d -o app -g app /app /data /var/log/shop /inbox\n" in rewritten(tmp_path, files)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param(
            {"start.sh": "chown -R app /data\nexec gosu app python app.py\n"}, "calls chown", id="gosu"
        ),
        pytest.param({"requirements.txt": "scapy==2.6\n"}, "scapy opens", id="raw sockets"),
        pytest.param({"start.sh": "supervisord -n\n"}, "calls supervisord", id="supervisor"),
    ],
)
def test_what_needs_root_stays_root(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    made = plan(tmp_path, {**files, **dockerfile(BASE + 'CMD ["./start.sh"]')})
    assert isinstance(made, PythonPlan)
    assert made.user == ""
    assert any(each.subject == "user" and reason in each.reason and each.is_notice for each in made.decisions)


def test_a_chown_of_the_copied_files_becomes_part_of_the_copy(tmp_path: Path) -> None:
    old = BASE + "RUN useradd -m web && chown -R web:web /app;;USER web;;CMD python app.py"
    text = last_stage(rewritten(tmp_path, dockerfile(old)))
    assert "COPY --chown=web:web . .\n" in text
    assert "chown -R" not in text
    assert text.index("useradd") < text.index("COPY --chown")


def test_a_user_made_with_a_build_argument(tmp_path: Path) -> None:
    old = BASE + "ARG UID=1234;;RUN useradd -u $UID web;;USER web;;CMD python app.py"
    text = last_stage(rewritten(tmp_path, dockerfile(old)))
    assert text.index("ARG UID=1234") < text.index("useradd -u $UID web")


def test_requirements_that_include_others(tmp_path: Path) -> None:
    files = {
        "requirements/base.txt": "flask==3\n-c limits.txt\n",
        "requirements/limits.txt": "werkzeug<4\n",
        "requirements/prod.txt": "-r base.txt\ngunicorn==23\n",
        **dockerfile(BASE.replace("requirements.txt", "requirements/prod.txt") + "CMD python app.py"),
    }
    expected = "COPY requirements/base.txt requirements/limits.txt requirements/prod.txt requirements/\n"
    assert expected in build_stage(rewritten(tmp_path, files))


def test_an_install_after_cd(tmp_path: Path) -> None:
    old = "FROM python:3.13;;COPY . /srv/app;;RUN cd /srv/app && pip install -r requirements.txt;;CMD x"
    text = rewritten(tmp_path, dockerfile(old))
    assert "COPY requirements.txt /srv/app/\n" in text
    assert "install -r /srv/app/requirements.txt\n" in text


@pytest.mark.parametrize(
    ("manifest", "text", "old", "copies", "install"),
    [
        pytest.param(
            "pyproject.toml",
            '[project]\nname = "a"\nversion = "1"\ndependencies = ["flask"]\n',
            "uv sync",
            "COPY pyproject.toml ./",
            "uv sync --no-dev",
            id="uv",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nflask = "*"\n',
            "poetry install",
            "COPY pyproject.toml ./",
            "poetry install --only main --no-root --no-interaction",
            id="poetry",
        ),
        pytest.param(
            "Pipfile",
            '[packages]\nflask = "*"\n',
            "pipenv install --system",
            "COPY Pipfile ./",
            "pipenv install",
            id="pipenv",
        ),
    ],
)
def test_without_a_lock_file_none_is_copied_and_it_says_so(
    tmp_path: Path, manifest: str, text: str, old: str, copies: str, install: str
) -> None:
    program = old.partition(" ")[0]
    dockerfile = NAIVE.replace("pip install -r requirements.txt", f"pip install {program} && {old}")
    files = {manifest: text, "Dockerfile": dockerfile}
    made = rewritten(tmp_path, files)
    assert f"{copies}\n" in made
    assert f" \\\n    {install}\n" in made
    found = plan(tmp_path, files)
    assert isinstance(found, PythonPlan)
    assert [each.choice for each in found.decisions if each.subject == "lock file"] == ["none"]


def test_an_index_of_its_own_and_its_secret_stay(tmp_path: Path) -> None:
    old = (
        "FROM python:3.13;;ENV PIP_INDEX_URL=https://pypi.acme.dev/simple;;WORKDIR /app;;COPY . .;;"
        "RUN --mount=type=secret,id=netrc,target=/root/.netrc "
        "pip install --extra-index-url https://x.acme.dev -r requirements.txt;;CMD python app.py"
    )
    text = rewritten(tmp_path, dockerfile(old))
    assert "ENV PIP_INDEX_URL=https://pypi.acme.dev/simple\n" in build_stage(text)
    assert "--mount=type=secret,id=netrc,target=/root/.netrc" in build_stage(text)
    assert "--extra-index-url https://x.acme.dev" in build_stage(text)
    assert "acme" not in last_stage(text)


def test_development_dependencies_that_the_sources_import_stay(tmp_path: Path) -> None:
    pyproject = (
        '[project]\nname = "a"\nversion = "1"\ndependencies = ["flask"]\n'
        '[dependency-groups]\ndev = ["debug-toolbar"]\n'
    )
    old = dockerfile(BASE.replace("pip install -r requirements.txt", "pip install uv==0.8 && uv sync"))
    files = {"pyproject.toml": pyproject, "uv.lock": "", **old}
    assert "uv sync --locked --no-dev\n" in rewritten(tmp_path, files)
    files["app.py"] = "import debug_toolbar\n"
    assert "uv sync --locked\n" in rewritten(tmp_path, files)


def test_a_package_whose_dependencies_are_computed(tmp_path: Path) -> None:
    files = {
        "setup.py": "from setuptools import setup\nsetup(install_requires=read())\n",
        **dockerfile("FROM python:3.13;;WORKDIR /app;;COPY . .;;RUN pip install .;;CMD python app.py"),
    }
    text = build_stage(rewritten(tmp_path, files))
    assert "# With the sources: what the project depends on is told only when it is built\n" in text
    assert "COPY . .\n" in text


def test_old_images_keep_pip_and_setuptools(tmp_path: Path) -> None:
    text = rewritten(tmp_path, dockerfile(BASE.replace("3.13", "3.9") + "CMD python app.py"))
    assert "RUN python -m venv /opt/venv\n" in text
    assert "/opt/venv/bin/pip install -r requirements.txt\n" in text


def test_an_environment_of_its_own_stays_where_it_is(tmp_path: Path) -> None:
    old = (
        'FROM python:3.13;;RUN python -m venv /venv;;ENV PATH="/venv/bin:$PATH";;WORKDIR /app;;COPY . .;;'
        "RUN pip install -r requirements.txt;;CMD /venv/bin/python app.py"
    )
    text = rewritten(tmp_path, dockerfile(old))
    assert "COPY --from=build /venv /venv\nENV PATH=/venv/bin:$PATH\n" in text
    assert text.endswith('CMD ["/venv/bin/python", "app.py"]\n')


def test_downloads_into_the_home_folder_reach_the_user(tmp_path: Path) -> None:
    files = {
        "app.py": "import sqlite3",
        **dockerfile(BASE + "RUN python -m nltk.downloader punkt;;CMD python app.py"),
    }
    text = last_stage(rewritten(tmp_path, files))
    assert "RUN HOME=/home/app python -m nltk.downloader punkt && \\\n" in text
    assert "find /app /home/app -user root -exec chown app:app {} +\n" in text


def test_a_folder_of_the_project_that_is_installed(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "flask==3\n./libs/money\n",
        "libs/money/pyproject.toml": '[project]\nname = "money"\nversion = "1"\n',
        **dockerfile(BASE + "CMD python app.py"),
    }
    text = build_stage(rewritten(tmp_path, files))
    assert text.index("COPY libs/money /app/libs/money\n") < text.index("install -r requirements.txt")


def test_a_second_rewrite_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path, {})
    first = rewrite(str(tmp_path), None)
    (tmp_path / "Dockerfile").write_text(first.rewritten.dockerfile)
    (tmp_path / ".dockerignore").write_text(first.rewritten.ignore)
    second = rewrite(str(tmp_path), None)
    assert second.is_in_place
    assert first.rewritten.dockerfile == second.rewritten.dockerfile
    assert first.rewritten.ignore == second.rewritten.ignore


@pytest.mark.parametrize(
    ("image", "line", "fixed"),
    [
        pytest.param(
            "python:3.6",
            "wget https://example.com/a.zip && unzip a.zip && rm *.zip && rm -rf /var/lib/apt/lists/*",
            "giga https://example.com/a.zip && \\\n    unzip a.zip && \\\n    rm -f *.zip\n",
            id="a finding of the linter in what is kept",
        ),
        pytest.param(
            "python:3.12-alpine",
            "apk add --no-cache gcc musl-dev",
            "musl-dev && \\\n    python -m venv --without-pip /opt/venv",
            id="one that it has together with ours",
        ),
    ],
)
def test_what_is_kept_is_mended_at_once(tmp_path: Path, image: str, line: str, fixed: str) -> None:
    old = f"FROM {image}\nRUN {line}\nRUN pip install cx_Oracle==5.3\n"
    (tmp_path / "app.py").write_text("")
    (tmp_path / "Dockerfile").write_text(old)
    first = rewrite(str(tmp_path), None, stack="python").rewritten.dockerfile
    assert fixed in first
    (tmp_path / "Dockerfile").write_text(first)
    assert first == rewrite(str(tmp_path), None, stack="python").rewritten.dockerfile


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param(
            {"pyproject.toml": "[project"}, "pyproject.toml is not valid TOML", id="broken pyproject.toml"
        ),
        pytest.param(
            {"requirements.txt": "flask = 3\n"},
            "has a line that pip would refuse: 'flask = 3'",
            id="a bad line",
        ),
        pytest.param(
            {"requirements.txt": "-r base.txt\n"}, "includes base.txt, which is not there", id="no include"
        ),
        pytest.param({"Pipfile": "[packages"}, "Pipfile is not valid TOML", id="broken Pipfile"),
        pytest.param({"uv.lock": "version = "}, "uv.lock cannot be read", id="broken lock file"),
        pytest.param(
            {"Dockerfile": "FROM python\nRUN <<EOF\n"}, "does not build", id="a heredoc that does not end"
        ),
    ],
)
def test_it_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    make(tmp_path, files)
    with pytest.raises(UsageError) as raised:
        rewrite(str(tmp_path), None, stack="python")
    assert raised.value.exit_code == ExitCode.USAGE
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("files", "command"),
    [
        pytest.param({"app.py": FLASK}, 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "app:app"]', id="Flask"),
        pytest.param(
            {"requirements.txt": "fastapi\nuvicorn\n", "app.py": "", "api/main.py": "app = FastAPI()\n"},
            'CMD ["uvicorn", "api.main:app", "--host", "0.0.0.0"]',
            id="FastAPI",
        ),
        pytest.param(
            {
                "requirements.txt": "django\n",
                "app.py": "",
                "site/wsgi.py": "application = get_wsgi_application()\n",
            },
            'CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]',
            id="Django",
        ),
        pytest.param(
            {"requirements.txt": "requests\n", "app.py": "print(1)\n"},
            'CMD ["python", "app.py"]',
            id="a script",
        ),
    ],
)
def test_without_a_dockerfile(tmp_path: Path, files: dict[str, str], command: str) -> None:
    make(tmp_path, files)
    (tmp_path / "Dockerfile").unlink()
    text = rewrite(str(tmp_path), None).rewritten.dockerfile
    assert text.startswith("FROM python:3.13 AS build\n")
    assert text.endswith(f"{command}\n")


def test_two_frameworks_and_no_dockerfile(tmp_path: Path) -> None:
    sources = {"a.py": "import flask\n", "b.py": "import fastapi\n"}
    make(tmp_path, {"requirements.txt": "flask\nfastapi\n", **sources})
    (tmp_path / "Dockerfile").unlink()
    with pytest.raises(UsageError, match="made with FastAPI and Flask"):
        rewrite(str(tmp_path), None)


def test_nothing_to_gain_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    old = "FROM python:3.13-slim;;WORKDIR /app;;COPY requirements.txt ./;;"
    old += "RUN pip install --no-cache-dir -r requirements.txt;;COPY app.py ./;;USER 65534;;"
    old += 'CMD ["python", "app.py"]'
    make(tmp_path, {".dockerignore": ".git\n", **dockerfile(old)})
    outcome = rewrite(str(tmp_path), None)
    assert outcome.is_in_place
    assert outcome.old_dockerfile == outcome.rewritten.dockerfile
    assert outcome.rewritten.ignore == ".git\n"
    assert "would gain nothing" in outcome.rewritten.notices[0].reason

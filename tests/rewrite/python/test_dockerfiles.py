# ruff: noqa: E501
"""Whole Dockerfiles: what a person reads before trusting the tool."""

from pathlib import Path

from inline_snapshot import snapshot

from tests.rewrite.python.projects import rewritten

UV = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
    'dependencies = ["fastapi", "uvicorn"]\n[dependency-groups]\ndev = ["pytest"]\n',
    "uv.lock": 'version = 1\n[[package]]\nname = "fastapi"\nversion = "0.115"\n',
    "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
}


def test_a_naive_flask_app(tmp_path: Path) -> None:
    assert snapshot("""\
FROM python:3.13 AS build
WORKDIR /app
RUN python -m venv --without-pip /opt/venv

# Manifests first: an edit of the sources installs nothing again
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip --python=/opt/venv install -r requirements.txt

FROM python:3.13-slim
# Not root; what the app writes to is that user's own
RUN useradd --uid 1000 --create-home app && \\
    install -d -o app -g app /app
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY . .
EXPOSE 8000

USER 1000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["python", "-c", "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/'); sys.exit(c.getresponse().status >= 500)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
""") == rewritten(tmp_path)


def test_uv_with_a_run_at_the_start(tmp_path: Path) -> None:
    files = {
        **UV,
        "Dockerfile": """\
            FROM python:3.12
            COPY --from=ghcr.io/astral-sh/uv:0.8.15 /uv /bin/
            WORKDIR /srv
            COPY . .
            RUN uv sync --frozen
            CMD ["uv", "run", "uvicorn", "shop.main:app", "--host", "0.0.0.0"]
        """,
    }
    assert snapshot("""\
FROM python:3.12 AS build
COPY --from=ghcr.io/astral-sh/uv:0.8.15 /uv /bin/
WORKDIR /srv
ENV UV_PROJECT_ENVIRONMENT=/srv/.venv \\
    UV_COMPILE_BYTECODE=1 \\
    UV_LINK_MODE=copy \\
    UV_PYTHON_DOWNLOADS=0

# Manifests first: an edit of the sources installs nothing again
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv sync --frozen --no-dev

FROM python:3.12-slim
# Not root; what the app writes to is that user's own
RUN useradd --uid 1000 --create-home app && \\
    install -d -o app -g app /srv
WORKDIR /srv
COPY --from=build /srv/.venv /srv/.venv
ENV PATH=/srv/.venv/bin:$PATH
COPY . .

USER 1000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["python", "-c", "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/'); sys.exit(c.getresponse().status >= 500)"]
CMD ["uvicorn", "shop.main:app", "--host", "0.0.0.0"]
""") == rewritten(tmp_path, files)


def test_django_with_packages_static_files_and_a_migration(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "django==5.2\npsycopg2==2.9.10\ngunicorn==23.0.0\n",
        "manage.py": "from django.core.management import execute_from_command_line\n",
        "site/settings.py": "from pathlib import Path\nSTATIC_ROOT = Path('static')\n",
        "site/wsgi.py": "from django.core.wsgi import get_wsgi_application\n",
        "Dockerfile": """\
            FROM python:3.12-slim-bookworm
            ENV PYTHONUNBUFFERED 1
            RUN apt-get update && apt-get install -y build-essential libpq-dev gettext curl
            RUN useradd -m web
            WORKDIR /code
            COPY . /code/
            RUN pip install --no-cache-dir -r requirements.txt
            RUN chown -R web:web /code
            RUN python manage.py collectstatic --noinput
            USER web
            EXPOSE 8000
            HEALTHCHECK CMD curl -f http://localhost:8000/health/ || exit 1
            CMD python manage.py migrate && gunicorn site.wsgi -b 0.0.0.0:8000
        """,
    }
    assert snapshot("""\
FROM python:3.12-slim-bookworm AS build
# For the install alone
# dockeropt: ignore=DL3008 old versions are removed, so that a pin breaks a later build
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get update && \\
    apt-get install --yes --no-install-recommends build-essential libpq-dev
WORKDIR /code
RUN python -m venv --without-pip /opt/venv

# Manifests first: an edit of the sources installs nothing again
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip --python=/opt/venv install -r requirements.txt

FROM python:3.12-slim-bookworm
# For the app itself
# dockeropt: ignore=DL3008 old versions are removed, so that a pin breaks a later build
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get update && \\
    apt-get install --yes --no-install-recommends gettext libpq5
RUN useradd -m web && \\
    mkdir -p /code && \\
    chown web:web /code
ENV PYTHONUNBUFFERED=1
WORKDIR /code
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY --chown=web:web . /code/
RUN python manage.py collectstatic --noinput
USER web
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/health/'); sys.exit(c.getresponse().status >= 400)"]
CMD ["sh", "-c", "python manage.py migrate && exec gunicorn site.wsgi -b 0.0.0.0:8000"]
""") == rewritten(tmp_path, files)


def test_poetry_with_a_package_of_its_own(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[tool.poetry]\nname = "tool"\nversion = "1"\n[tool.poetry.dependencies]\n'
        'python = "^3.11"\nclick = "^8"\n[tool.poetry.scripts]\ntool = "tool:main"\n'
        '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
        "poetry.lock": '[[package]]\nname = "click"\nversion = "8.1.7"\n',
        "tool/__init__.py": "def main():\n    print('hello')\n",
        "Dockerfile": """\
            FROM python:3.11
            WORKDIR /tool
            COPY . .
            RUN pip install poetry==2.2.1 && poetry config virtualenvs.create false && poetry install
            ENTRYPOINT ["poetry", "run", "tool"]
        """,
    }
    assert snapshot("""\
FROM python:3.11 AS build
WORKDIR /tool
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip install poetry==2.2.1 && \\
    python -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv \\
    PATH=/opt/venv/bin:$PATH

# Manifests first: an edit of the sources installs nothing again
COPY pyproject.toml poetry.lock ./
RUN --mount=type=cache,target=/root/.cache/pypoetry \\
    poetry install --only main --no-root --no-interaction

FROM build AS project
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip \\
    /opt/venv/bin/pip install --no-deps --prefix=/project -e .

FROM python:3.11-slim
# Not root; what the app writes to is that user's own
RUN useradd --uid 1000 --create-home app && \\
    install -d -o app -g app /tool
WORKDIR /tool
COPY --from=build /opt/venv /opt/venv
COPY --from=project /project /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY . .

USER 1000
ENTRYPOINT ["tool"]
""") == rewritten(tmp_path, files)


def test_a_package_that_pip_installs(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "tool"\nversion = "1"\ndependencies = ["click>=8"]\n'
        '[project.optional-dependencies]\nweb = ["flask"]\n'
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
        "tool/__init__.py": "",
        "Dockerfile": """\
            FROM python:3.13
            WORKDIR /src
            COPY . .
            RUN pip install .[web]
            CMD ["tool"]
        """,
    }
    assert snapshot("""\
FROM python:3.13 AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/venv

# Manifests first: an edit of the sources installs nothing again
COPY pyproject.toml ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    python -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; print(*project["dependencies"], *project["optional-dependencies"]["web"], sep="\\n")' > /tmp/requirements.txt && \\
    pip --python=/opt/venv install -r /tmp/requirements.txt

FROM build AS project
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip --python=/opt/venv install --no-deps --prefix=/project .[web]

FROM python:3.13-slim
# Not root; what the app writes to is that user's own
RUN useradd --uid 1000 --create-home app && \\
    install -d -o app -g app /src
WORKDIR /src
COPY --from=build /opt/venv /opt/venv
COPY --from=project /project /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY . .

USER 1000
CMD ["tool"]
""") == rewritten(tmp_path, files)

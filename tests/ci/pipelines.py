"""Projects to make pipelines of, and the shell scripts that a service would run of a pipeline."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dockeropt.ci.facts import read_facts
from dockeropt.ci.pipeline import Options, Service, plan
from dockeropt.ci.render import render

PLAIN = "FROM scratch\nCOPY a /\n"
WITH_ASSETS = """\
FROM node:22 AS build
WORKDIR /app
ARG CDN_URL
COPY . .
RUN npm run build
FROM scratch AS assets
COPY --from=build /app/dist /
FROM nginx
COPY --from=build /app/dist /usr/share/nginx/html
"""
Files = Mapping[str, str | Mapping[str, object]]

NUXT: Files = {
    "package.json": {"dependencies": {"nuxt": "4"}},
    "Dockerfile": WITH_ASSETS.replace("ARG CDN_URL\n", "").replace("FROM nginx\n", "FROM node:22\n"),
}
VITE: Files = {"package.json": {"devDependencies": {"vite": "7"}}, "Dockerfile": WITH_ASSETS}
ANGULAR: Files = {"package.json": {"devDependencies": {"@angular/cli": "20"}}, "Dockerfile": WITH_ASSETS}
NEXT: Files = {"package.json": {"dependencies": {"next": "16"}}, "Dockerfile": WITH_ASSETS}


def make(folder: Path, files: Files) -> Path:
    """Write a project, mappings as JSON, with a Dockerfile unless one is given."""
    for path, content in {"Dockerfile": PLAIN, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def pipeline(service: Service, context: Path, options: Options | None = None) -> str:
    """Return the pipeline of a project."""
    return render(plan(service, read_facts(str(context)), options or Options()))


def phases(text: str) -> dict[str, list[str]]:
    """Return the commands of a buildspec by phase, in the order CodeBuild runs them."""
    return {name: phase["commands"] for name, phase in yaml.safe_load(text)["phases"].items()}


def scripts(service: Service, text: str) -> list[str]:
    """Return every script of a pipeline, each as one shell runs it."""
    read: Any = yaml.safe_load(text)
    if service is Service.CODEBUILD:
        return ["\n".join(command for commands in phases(text).values() for command in commands)]
    if service is Service.GITHUB:
        return [step["run"] for job in read["jobs"].values() for step in job["steps"] if "run" in step]
    jobs = [job for job in read.values() if isinstance(job, dict) and "script" in job]
    parts = ("before_script", "script", "after_script")
    return ["\n".join(line for part in parts for line in job.get(part, ())) for job in jobs]

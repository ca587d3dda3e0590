"""Writing a pipeline through its template."""

import json
import shlex
from posixpath import join

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dockeropt.ci.pipeline import Pipeline, Service
from dockeropt.knowledge.github_actions import ACTIONS
from dockeropt.knowledge.static_files import ALWAYS_ASKED, CONTENT_TYPES, FOREVER, SHORT
from dockeropt.resources import data_folder

PLACES = {
    Service.CODEBUILD: "buildspec.yml",
    Service.GITHUB: ".github/workflows/image.yml",
    Service.GITLAB: ".gitlab-ci.yml",
}
"""where each service looks for its pipeline"""


def render(pipeline: Pipeline) -> str:
    """Return the text of the file that the service reads."""
    types: dict[str, list[str]] = {}
    for ending, content_type in CONTENT_TYPES.items():
        types.setdefault(content_type, []).append(ending)
    hashed = () if pipeline.static is None else pipeline.static.hashed
    values = {
        **pipeline._asdict(),
        "registry": pipeline.registry.value,
        "actions": ACTIONS,
        "needs_aws": pipeline.needs_aws,
        "start_variable": pipeline.start_variable,
        "types": types,
        "task_definition_word": shlex.quote(join(pipeline.context, "task-definition.json")),
        "endings": tuple(CONTENT_TYPES),
        "hashed_whole": tuple(f"{each}*" if each.endswith("/") else f"{each}.*" for each in hashed),
        "hashed_endings": tuple(pattern for each in hashed for pattern in _stems(each)),
        "forever": FOREVER,
        "short": SHORT,
        "always_asked": ALWAYS_ASKED,
    }
    return templates().get_template(f"{pipeline.service.value}.j2").render(values)


def _stems(hashed: str) -> tuple[str, ...]:
    """Return patterns of hashed files without the last ending: names may have two, ``.js.map``."""
    return (f"{hashed}*",) if hashed.endswith("/") else (hashed, f"{hashed}.*")


def templates() -> Environment:
    """Return the templates of pipelines; ``scalar`` makes a text one YAML or JSON value."""
    environment = Environment(
        loader=FileSystemLoader(f"{data_folder('templates')}/ci"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - a pipeline is no HTML; values are checked or quoted
    )
    environment.filters["scalar"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment

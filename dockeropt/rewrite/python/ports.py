"""The port a server of a Python app listens on."""

import re

from dockeropt.rewrite.python.recipe import Recipe
from dockeropt.rewrite.python.roles import is_python
from dockeropt.syntax.instructions import Expose

_DEFAULT_PORTS = {
    "gunicorn": 8000, "uvicorn": 8000, "hypercorn": 8000, "daphne": 8000, "granian": 8000, "fastapi": 8000,
    "flask": 5000, "waitress-serve": 8080, "streamlit": 8501,
}  # fmt: skip


def find_port(words: tuple[str, ...], recipe: Recipe) -> int | None:
    """Return the port the server listens on, by its options, EXPOSE or its own default."""
    variables = recipe.end.variables
    for at, word in enumerate(words):
        value = ""
        found = re.fullmatch(
            r"(?:--port|-p|--bind|-b|--http|--http-socket|--listen|--server\.port)(?:=(.+))?", word
        )
        if found is not None:
            value = found[1] or (words[at + 1] if at + 1 < len(words) else "")
        elif re.fullmatch(r"(?:[\d.]+|\[::\]|\*)?:\$?\{?\w+\}?|-b\S+:\d+", word):
            value = word
        number = re.search(r"(?:^|:)\$?\{?(\w+)(?::?-(\d+))?\}?$", value)
        if number is not None:
            text = variables.get(number[1], number[2] or number[1])
            if text.isdecimal():
                return int(text)
    for step in recipe.steps:
        if isinstance(step.view, Expose):
            for each in step.view.ports:
                text = recipe.expand(each, step.view).partition("/")[0]
                if text.isdecimal():
                    return int(text)
    name = words[0].rpartition("/")[2] if words else ""
    if is_python(name) and len(words) > 2 and words[1] == "-m":
        name = words[2]
    if is_python(name) and "runserver" in words:
        return 8000
    return _DEFAULT_PORTS.get(name)

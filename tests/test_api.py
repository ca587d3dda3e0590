"""The public names, and that importing the package loads none of them."""

import ast
import subprocess
import sys
from pathlib import Path

import dockeropt

CHECKED = Path(dockeropt.__file__)


def test_every_public_name_is_there() -> None:
    for name in dockeropt.__all__:
        assert getattr(dockeropt, name).__module__.startswith("dockeropt.")


def test_the_lists_of_names_agree() -> None:
    tree = ast.parse(CHECKED.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    typed = {alias.asname or alias.name for node in imports for alias in node.names} - {
        "TYPE_CHECKING",
        "import_module",
    }
    assert typed == set(dockeropt.__all__) == set(dockeropt._PLACES)


def test_a_dockerfile_is_linted_in_three_lines() -> None:
    found = dockeropt.lint_source(dockeropt.Source("FROM node:latest\n"))
    assert "DL3007" in [each.code for each in found]


FORBIDDEN = ["click", "dataclasses", "docker", "dockerfile_parse", "inspect", "jinja2", "json", "pathlib"]
FORBIDDEN += ["rich", "subprocess", "tabulate", "tomllib", "yaml"]


def test_lint_loads_no_library_that_it_does_not_need() -> None:
    script = (
        "import sys\nfrom dockeropt.cli.main import main\nmain(['lint', '--ignore=SC', sys.argv[1]])\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    dockerfile = Path(__file__).parent.parent / "fixtures/dockerfiles/typical.Dockerfile"
    command = [sys.executable, "-I", "-c", script, str(dockerfile)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stderr.split()
    assert [name for name in FORBIDDEN if name in loaded] == []


def test_importing_the_package_loads_nothing_of_it() -> None:
    script = "import sys, dockeropt\nprint(*[name for name in sys.modules if name.startswith('dockeropt.')])"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

"""Which stack a folder is, and what the commands of any stack are there for."""

import pytest

from dockeropt.rewrite.roles import Role, classify
from dockeropt.rewrite.stacks import STACKS, Entry
from dockeropt.shell.reader import read
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in STACKS])
def test_a_registered_stack_is_the_one_its_module_has(entry: Entry) -> None:
    stack = entry.load()
    assert (entry.name, entry.title) == (stack.name, stack.title)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("pip install -r requirements.txt", Role.INSTALL, id="pip of a file"),
        pytest.param("pip install flask", Role.OTHER, id="pip of a package"),
        pytest.param("uv sync --locked", Role.INSTALL, id="uv"),
        pytest.param("poetry install --only main", Role.INSTALL, id="poetry"),
        pytest.param("pipenv sync", Role.INSTALL, id="pipenv"),
        pytest.param("go mod download", Role.INSTALL, id="go's modules"),
        pytest.param("go build -o /app ./cmd/server", Role.BUILD, id="go's build"),
        pytest.param("cargo build --release", Role.BUILD, id="cargo"),
        pytest.param("./mvnw -B dependency:go-offline", Role.INSTALL, id="maven's packages"),
        pytest.param("mvn -DskipTests clean package", Role.BUILD, id="maven's build"),
        pytest.param("./gradlew bootJar", Role.BUILD, id="gradle"),
        pytest.param("dotnet restore", Role.INSTALL, id="dotnet's packages"),
        pytest.param("dotnet publish -c Release -o /out", Role.BUILD, id="dotnet's build"),
        pytest.param("bundle install --jobs 4", Role.INSTALL, id="bundler"),
        pytest.param("composer install --no-dev", Role.INSTALL, id="composer"),
        pytest.param("apt-get install -y curl", Role.SYSTEM, id="apt"),
        pytest.param("make-thing", Role.OTHER, id="something of its own"),
    ],
)
def test_a_command_of_another_stack(text: str, role: Role) -> None:
    command = read(LogicalText.join(text, [Span(0, len(text))])).commands[0]
    assert role is classify(command, None).role
    if role in (Role.INSTALL, Role.BUILD):
        assert classify(command, {}).role is Role.OTHER

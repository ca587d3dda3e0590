"""What rules ask a command: flags, option values, arguments."""

import pytest

from tests.shell.read import only_command, script_of

FLAGS = {
    "a short one": ("apt-get install -y x", ("-y",), True),
    "a long one": ("apt-get install --yes x", ("-y", "--yes"), True),
    "among others in one word": ("apt-get -qy install x", ("-y",), True),
    "a long one with a value": ("apt-get --quiet=2 update", ("--quiet",), True),
    "a doubled one": ("apt-get -qq update", ("-qq",), True),
    "a long one with one dash": ("find . -delete", ("-delete",), True),
    "not given": ("apt-get install x", ("-y", "--yes", "--assume-yes"), False),
    "a letter of a long one": ("apt-get --yes x", ("-e",), False),
    "a longer one": ("npm ci --omit=dev", ("--om",), False),
    "an argument": ("apt-get install y", ("-y",), False),
    "after two dashes": ("grep -- -y", ("-y",), False),
    "in a value": ("x -o=y", ("-y",), False),
    "a lone dash": ("bash -", ("-y",), False),
}


@pytest.mark.parametrize(("text", "names", "expected"), FLAGS.values(), ids=FLAGS.keys())
def test_has_flag(text: str, names: tuple[str, ...], expected: bool) -> None:
    assert expected is only_command(text).has_flag(*names)


VALUES = {
    "after a blank": ("apt-get install -t stable x", "stable"),
    "at once": ("apt-get install -tstable x", "stable"),
    "after an equals sign": ("apt-get install --target-release=stable x", "stable"),
    "a long one after a blank": ("apt-get install --target-release stable x", "stable"),
    "after others in one word": ("apt-get install -yt stable x", "stable"),
    "in quotes": ("apt-get install -t 'a b' x", "a b"),
    "an empty one": ("apt-get install --target-release= x", ""),
    "not given": ("apt-get install x", None),
    "missing": ("apt-get install -t", None),
    "after two dashes": ("apt-get install -- -t stable", None),
}


@pytest.mark.parametrize(("text", "expected"), VALUES.values(), ids=VALUES.keys())
def test_option_value(text: str, expected: str | None) -> None:
    assert expected == only_command(text).option_value("-t", "--target-release")


def test_arguments_are_the_words_that_are_no_options() -> None:
    command = only_command("pip install -r x --no-cache-dir - -- -y")
    expected = ["install", "x", "-", "-y"]
    assert expected == [word.value for word in command.arguments]


def test_operands_leave_out_the_values_of_options() -> None:
    command = only_command("apt-get -yo A=1 install -t stable -obb --x=1 curl")
    expected = ["install", "curl"]
    assert expected == [word.value for word in command.operands({"-t", "-o"})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("apt-get -y install curl", "install"), ("npm --version", ""), ("'npm' \"ci\"", "ci")],
    ids=["after an option", "only options", "in quotes"],
)
def test_subcommand_is_the_first_argument(text: str, expected: str) -> None:
    assert expected == only_command(text).subcommand


@pytest.mark.parametrize(
    ("text", "expected"),
    [("/venv/bin/pip x", "pip"), ("pip x", "pip"), ("./run", "run"), ("$A/bin/java", "java"), ("A=1", "")],
    ids=["an absolute path", "a name", "a relative path", "a variable folder", "no program"],
)
def test_base_name_is_without_the_folder(text: str, expected: str) -> None:
    assert expected == only_command(text).base_name


def test_named_finds_commands_in_whatever_folder() -> None:
    script = script_of("pip a && /x/pip b; sudo pip3 c; echo pip")
    expected = ["a", "b", "c"]
    assert expected == [command.subcommand for command in script.named("pip", "pip3")]

# ruff: noqa: E501
"""The small readers: nuxt.config, YAML heads, version ranges, lock files, registry settings, scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.errors import UsageError
from dockeropt.rewrite.node.javascript import Computed, read_config
from dockeropt.rewrite.node.lock_files import read_lock_file
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.node.manifest import read_manifest
from dockeropt.rewrite.node.registries import read_registry_settings
from dockeropt.rewrite.node.versions import allows, lowest_major
from dockeropt.rewrite.scripts import commands, is_nuxt_prepare, nuxt_verbs
from dockeropt.rewrite.yaml_lines import read_top_level
from tests.rewrite.projects import BERRY_LOCK, BUN_LOCK, NPM_LOCK, PNPM_LOCK, YARN_LOCK


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        pytest.param("export default defineNuxtConfig({ ssr: false })", "ssr", False, id="a boolean"),
        pytest.param("export default { 'ssr': true }", "ssr", True, id="a quoted key"),
        pytest.param(
            "export default defineNuxtConfig({ nitro: { preset: 'bun' } })",
            "nitro.preset",
            "bun",
            id="nested",
        ),
        pytest.param("const c = { ssr: false }\nexport default c\n", "ssr", False, id="through a constant"),
        pytest.param("module.exports = { ssr: false }", "ssr", False, id="CommonJS"),
        pytest.param(
            "export default defineNuxtConfig({ ssr: isDev })", "ssr", Computed.VALUE, id="an expression"
        ),
        pytest.param(
            "export default defineNuxtConfig({ nitro: { preset: 'static' as const } })",
            "nitro.preset",
            "static",
            id="a TypeScript assertion",
        ),
        pytest.param(
            "export default defineNuxtConfig({\n  // ssr: true,\n  /* ssr: true, */ ssr: false,\n})",
            "ssr",
            False,
            id="comments",
        ),
        pytest.param(
            "export default defineNuxtConfig({ vite: { re: /[,}]/, f() { return { ssr: 1 } } }, ssr: false })",
            "ssr",
            False,
            id="after a regular expression and a method",
        ),
        pytest.param(
            "export default defineNuxtConfig({ a: `${b({ c: '}' })}`, ...rest, [key]: 1, ssr: false })",
            "ssr",
            False,
            id="after a template, a spread and a computed key",
        ),
        pytest.param(
            "export default defineNuxtConfig({ url: 'a//b', ssr: false })", "ssr", False, id="slashes"
        ),
    ],
)
def test_config_literals(text: str, path: str, value: object) -> None:
    config = read_config(text)
    assert config is not None
    assert value == config[path]


def test_a_config_without_an_object_is_not_read() -> None:
    assert read_config("export default createConfig()") is None


@given(st.text(alphabet="{}[]()'\"`,:/\\$ \nab=>dexport default", max_size=200))
def test_no_config_is_too_broken(text: str) -> None:
    read_config("export default {" + text)


@given(st.text(max_size=200))
def test_no_yaml_is_too_broken(text: str) -> None:
    read_top_level(text)


def test_yaml_lists_scalars_and_keys() -> None:
    text = """\
# a comment with 'an apostrophe
packages:
  - apps/*   # all of them
  - 'packages/**'
nodeLinker: "node-modules"
only: [a, 'b']
overrides:
  vue: ^3.5
  deep:
    inner: 1
"""
    assert read_top_level(text) == {
        "packages": ("apps/*", "packages/**"),
        "nodeLinker": ("node-modules",),
        "only": ("a", "b"),
        "overrides": ("vue", "deep"),
    }


@pytest.mark.parametrize(
    ("range_text", "majors"),
    [
        pytest.param(">=20.0.0", (20, 22, 24, 26), id="at least"),
        pytest.param("22.x", (22,), id="a wildcard"),
        pytest.param("^20.19.0 || >=22.12.0", (20, 22, 24, 26), id="alternatives"),
        pytest.param("18 - 20", (18, 20), id="a hyphen"),
        pytest.param(">=18 <23", (18, 20, 22), id="two bounds"),
        pytest.param("~22.3", (22,), id="a tilde"),
        pytest.param("*", (18, 20, 22, 24, 26), id="any"),
        pytest.param("words", (), id="no range"),
    ],
)
def test_ranges(range_text: str, majors: tuple[int, ...]) -> None:
    assert majors == tuple(major for major in (18, 20, 22, 24, 26) if allows(range_text, major))


def test_the_lowest_major_of_a_range() -> None:
    assert lowest_major("^22.19 || ^24.11 || >=26") == 22
    assert lowest_major("<20") is None


@pytest.mark.parametrize(
    ("name", "text", "manager", "version"),
    [
        pytest.param("package-lock.json", NPM_LOCK, Manager.NPM, "3", id="npm"),
        pytest.param("yarn.lock", YARN_LOCK, Manager.YARN, "1", id="yarn 1"),
        pytest.param("yarn.lock", BERRY_LOCK, Manager.BERRY, "8", id="yarn berry"),
        pytest.param("pnpm-lock.yaml", PNPM_LOCK, Manager.PNPM, "9.0", id="pnpm 9"),
        pytest.param(
            "pnpm-lock.yaml",
            "lockfileVersion: 5.4\n\npackages:\n\n  /nuxt/4.2.0:\n",
            Manager.PNPM,
            "5.4",
            id="pnpm 7",
        ),
        pytest.param("bun.lock", BUN_LOCK, Manager.BUN, "", id="bun"),
    ],
)
def test_lock_files(name: str, text: str, manager: Manager, version: str) -> None:
    lock = read_lock_file(name, text.encode())
    assert manager is lock.manager
    assert version == lock.format
    assert lock.packages is not None
    assert lock.packages["nuxt"] == ("4.2.0",)


@pytest.mark.parametrize(
    "name", ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
)
def test_a_damaged_lock_file_still_says_whose_it_is(name: str) -> None:
    expected = {"p": (Manager.NPM, Manager.PNPM), "y": (Manager.YARN,), "b": (Manager.BUN,)}[name[0]]
    assert read_lock_file(name, b"\xff{<<<<<<< HEAD").manager in expected


@pytest.mark.parametrize(
    ("text", "variables", "holds_secret"),
    [
        pytest.param("shamefully-hoist=true\n", (), False, id="settings alone"),
        pytest.param(
            "//r.dev/:_authToken=${NPM_TOKEN}\n", ("NPM_TOKEN",), False, id="a token from the environment"
        ),
        pytest.param("//r.dev/:_authToken=npm_123\n", (), True, id="a token in the file"),
        pytest.param("_auth = dXNlcg==\n", (), True, id="old credentials"),
        pytest.param("#//r.dev/:_authToken=npm_123\n", (), False, id="a comment"),
        pytest.param('npmAuthToken: "${A:-}"\n', ("A",), False, id="yarn's spelling with a default"),
        pytest.param("registry=https://r.dev/\nalways-auth=true\n", (), False, id="a registry alone"),
    ],
)
def test_registry_settings(text: str, variables: tuple[str, ...], holds_secret: bool) -> None:
    settings = read_registry_settings(".npmrc", text)
    assert variables == settings.secret_variables
    assert holds_secret == settings.holds_secret


def test_a_manifest_with_values_of_wrong_types_is_empty_there() -> None:
    manifest = read_manifest(
        '{"scripts": [], "dependencies": {"a": 1, "b": "2"}, "workspaces": 3}', "package.json"
    )
    assert manifest.scripts == {}
    assert manifest.dependencies == {"b": "2"}
    assert manifest.workspaces == ()


def test_a_deep_manifest_is_refused() -> None:
    with pytest.raises(UsageError, match="is not valid JSON"):
        read_manifest("[" * 100_000, "package.json")


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        pytest.param("nuxt build", {"build"}, id="plain"),
        pytest.param("npx nuxi@latest generate --dotenv .env", {"generate"}, id="with npx and a version"),
        pytest.param("cross-env A=1 nuxi build", {"build"}, id="behind another program"),
        pytest.param("npm run types && pnpm compile", {"prepare", "build"}, id="through other scripts"),
        pytest.param("vite build", set(), id="another builder"),
        pytest.param("echo nuxtbuild", set(), id="a word that holds it"),
    ],
)
def test_what_a_script_asks_of_nuxt(text: str, verbs: set[str]) -> None:
    assert verbs == nuxt_verbs(text, {"types": "nuxt prepare", "compile": "nuxt build"})


def test_a_script_that_calls_itself_ends() -> None:
    assert frozenset() == nuxt_verbs("npm run a", {"a": "npm run b", "b": "npm run a"})


def test_commands_are_not_split_inside_quotes() -> None:
    assert commands('node -e "a && b" && nuxt prepare') == ('node -e "a && b"', "nuxt prepare")
    assert is_nuxt_prepare("npx nuxi prepare")
    assert not is_nuxt_prepare("nuxt build")

"""Which file configures a Dockerfile, what it says, and what is told about a wrong one."""

import os
from pathlib import Path

import pytest

from dockeropt.config.configuration import Configuration
from dockeropt.config.load import Configurations, read
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.errors import UsageError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, the working directory."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "services/shop").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configured(path: str = "services/shop/Dockerfile", **environment: str) -> Configuration:
    return Configurations(environment=environment).of(path)


def test_without_a_file_everything_is_default(project: Path) -> None:
    assert Configuration() == configured()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"dockeropt.toml": ""}, "dockeropt.toml", id="ours"),
        pytest.param({"pyproject.toml": "[tool.dockeropt]\n"}, "pyproject.toml", id="a table of pyproject"),
        pytest.param({"pyproject.toml": "[tool]\ndockeropt = {}\n"}, "pyproject.toml", id="an inline table"),
        pytest.param(
            {"pyproject.toml": "[tool.dockeropt.severities]\n"}, "pyproject.toml", id="a table inside ours"
        ),
        pytest.param({".hadolint.yaml": ""}, ".hadolint.yaml", id="hadolint's"),
        pytest.param({".hadolint.yml": ""}, ".hadolint.yml", id="hadolint's other name"),
        pytest.param(
            {"pyproject.toml": '[project.scripts]\ndockeropt = "a:b"\n[tool]\nx = 1\n'},
            "",
            id="a pyproject without our table",
        ),
        pytest.param(
            {".hadolint.yaml": "", "pyproject.toml": "[tool.dockeropt]\n", "dockeropt.toml": ""},
            "dockeropt.toml",
            id="ours before the others",
        ),
        pytest.param(
            {".hadolint.yaml": "", "pyproject.toml": "[tool.dockeropt]\n"},
            "pyproject.toml",
            id="pyproject before hadolint's",
        ),
        pytest.param(
            {"dockeropt.toml": "", "services/.hadolint.yaml": ""},
            "services/.hadolint.yaml",
            id="the nearest before all",
        ),
    ],
)
def test_the_file_is_looked_for_from_the_dockerfile_up(
    project: Path, files: dict[str, str], expected: str
) -> None:
    for name, text in files.items():
        (project / name).write_text(text)
    assert expected == configured().path


def test_the_root_of_the_repository_is_the_last_folder(project: Path) -> None:
    (project / "dockeropt.toml").write_text("")
    (project / "services/shop/.git").write_text("gitdir: elsewhere\n")
    assert configured().path == ""


def test_outside_of_a_repository_the_working_directory_is_the_last_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a/b/c").mkdir(parents=True)
    (tmp_path / "dockeropt.toml").write_text("")
    monkeypatch.chdir(tmp_path / "a")
    assert configured("b/c/Dockerfile").path == ""
    (tmp_path / "a/dockeropt.toml").write_text("")
    assert configured("b/c/Dockerfile").path == "dockeropt.toml"
    monkeypatch.chdir(tmp_path / "a/b/c")
    assert configured("../Dockerfile").path == ""


def test_files_side_by_side_share_what_is_above_and_keep_what_is_their_own(project: Path) -> None:
    (project / "services/dockeropt.toml").write_text("")
    (project / "services/shop/.hadolint.yaml").write_text("")
    configurations = Configurations(environment={})
    paths = ("services/a/Dockerfile", "services/shop/Dockerfile", "services/b/c/Dockerfile", "Dockerfile")
    assert [configurations.of(path).path for path in paths] == [
        "services/dockeropt.toml",
        "services/shop/.hadolint.yaml",
        "services/dockeropt.toml",
        "",
    ]


def test_a_file_below_a_thousand_folders_is_configured_from_above(project: Path) -> None:
    (project / "dockeropt.toml").write_text("")
    assert configured("a/" * 1500 + "Dockerfile").path == "dockeropt.toml"


def test_every_key_of_ours(project: Path) -> None:
    (project / "dockeropt.toml").write_text(
        """
        select = ["DL3", "latest-tag"]
        ignore = ["DL3059"]
        exclude = ["vendor/"]
        format = "json"
        failure-threshold = "warning"
        report-threshold = "info"
        no-fail = true
        no-color = true
        disable-ignore-pragma = true
        require-reason = true
        baseline = "old.json"
        trusted-registries = ["docker.io"]
        strict-labels = true
        [label-schema]
        "org.example.version" = "semver"
        built = "timestamp"
        [severities]
        DL3008 = "info"
        DL3 = "error"
        [rules.DO4001]
        allowed = [".npmrc"]
        [per-path]
        "legacy/**" = { ignore = ["DL3006"], severities = { DL3007 = "ignore" } }
        "tools/" = { select = ["DO1"] }
        """
    )
    found = configured()
    assert (found.failure_threshold, found.report_threshold) == (Severity.WARNING, Severity.INFO)
    assert (found.no_fail, found.no_color, found.format) == (True, True, "json")
    assert (found.exclude, found.baseline) == (("vendor/",), "old.json")
    settings = found.settings
    assert not settings.takes_comments
    assert {"dl3006", "dl3007", "do6002"} <= settings.select
    assert "dl3057" not in settings.select, "off by default"
    assert "dl3059" in settings.ignore
    assert Severity.INFO is settings.severities["DL3008"]
    assert Severity.ERROR is settings.severities["DL3007"]
    assert "DL3057" not in settings.severities, "a family does not switch it on"
    assert settings.options["DO4001"] == {"allowed": (".npmrc",)}
    assert settings.options["DL3026"] == {"trusted": ("docker.io",)}
    labels = ("org.example.version:semver", "built:rfc3339")
    assert {"labels": labels, "strict": True} == settings.options["DL3050"]

    def of(path: str) -> Settings:
        return found.settings_for(os.path.abspath(path))

    assert of("Dockerfile") == settings
    assert "dl3006" in of("legacy/a/Dockerfile").ignore
    assert Severity.IGNORE is of("legacy/Dockerfile").severities["DL3007"]
    assert "do1001" in of("tools/Dockerfile").select
    assert "dl3006" not in of("tools/Dockerfile").select


def test_every_key_of_hadolint(project: Path) -> None:
    (project / ".hadolint.yaml").write_text(
        """
        failure-threshold: error
        format: sarif
        ignored: [DL3008, SC2086, DL9999]
        label-schema: {author: text, git-revision: hash}
        no-color: true
        no-fail: true
        override:
          error: [DL3006]
          warning: [DL3015]
          info: [DL3007]
          style: [SC1091]
        strict-labels: true
        disable-ignore-pragma: true
        trustedRegistries: [docker.io, "*.example.com"]
        """
    )
    found = configured()
    assert (
        found.failure_threshold,
        found.format,
        found.no_color,
        found.no_fail,
    ) == (Severity.ERROR, "sarif", True, True)
    settings = found.settings
    assert frozenset(("dl3008", "sc2086", "dl9999")) == settings.ignore
    assert not settings.takes_comments
    assert {"DL3006": Severity.ERROR, "DL3015": Severity.WARNING, "DL3007": Severity.INFO}.items() <= (
        settings.severities.items()
    )
    assert settings.options["DL3050"] == {"labels": ("author:text", "git-revision:hash"), "strict": True}
    assert settings.options["DL3026"] == {"trusted": ("docker.io", "*.example.com")}


def test_one_trusted_registry_needs_no_list(project: Path) -> None:
    (project / ".hadolint.yaml").write_text("trustedRegistries: docker.io\n")
    assert configured().settings.options["DL3026"] == {"trusted": ("docker.io",)}


def test_hadolint_does_not_fail_on_style_unless_told(project: Path) -> None:
    (project / ".hadolint.yaml").write_text("ignored: []\n")
    assert Severity.INFO is configured().failure_threshold
    assert Severity.STYLE is configured(HADOLINT_FAILURE_THRESHOLD="style").failure_threshold


def test_hadolints_variables_are_laid_over_the_file(project: Path) -> None:
    (project / ".hadolint.yaml").write_text("ignored: [DL3006]\nfailure-threshold: error\n")
    found = configured(
        HADOLINT_NOFAIL="1",
        HADOLINT_FORMAT="json",
        HADOLINT_FAILURE_THRESHOLD="warning",
        HADOLINT_OVERRIDE_ERROR="DL3007, DL3008",
        HADOLINT_OVERRIDE_STYLE="DL3015",
        HADOLINT_IGNORE="DL3059,SC2086",
        HADOLINT_STRICT_LABELS="yes",
        HADOLINT_DISABLE_IGNORE_PRAGMA="1",
        HADOLINT_TRUSTED_REGISTRIES="docker.io",
        HADOLINT_REQUIRE_LABELS="maintainer:text",
        HADOLINT_VERBOSE="1",
    )
    assert (found.no_fail, found.format, found.failure_threshold) == (True, "json", Severity.WARNING)
    settings = found.settings
    assert frozenset(("dl3006", "dl3059", "sc2086")) <= settings.ignore
    assert Severity.ERROR is settings.severities["DL3008"]
    assert Severity.STYLE is settings.severities["DL3015"]
    assert settings.options["DL3050"] == {"labels": ("maintainer:text",), "strict": True}
    assert settings.options["DL3026"] == {"trusted": ("docker.io",)}
    assert not settings.takes_comments


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("HADOLINT_NOFAIL", "maybe", id="neither yes nor no"),
        pytest.param("HADOLINT_FAILURE_THRESHOLD", "fatal", id="no level"),
        pytest.param("HADOLINT_IGNORE", "DL3008,nonsense", id="no rule"),
        pytest.param("HADOLINT_REQUIRE_LABELS", "maintainer", id="no type"),
    ],
)
def test_a_wrong_variable_is_named(project: Path, name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        configured(**{name: value})


@pytest.mark.parametrize(
    ("file", "text", "message", "hint"),
    [
        pytest.param(
            "dockeropt.toml",
            'ignored = ["DL3008"]',
            "dockeropt.toml: unknown key `ignored`",
            "did you mean `ignore`?",
            id="an unknown key",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.dockeropt]\nno_fail = true",
            "pyproject.toml: unknown key `tool.dockeropt.no_fail`",
            "did you mean `no-fail`?",
            id="an unknown key of pyproject",
        ),
        pytest.param(
            "dockeropt.toml",
            '[rules.DO4001]\nalowed = ["a"]',
            "dockeropt.toml: unknown key `rules.DO4001.alowed`",
            "did you mean `allowed`?",
            id="an unknown option of a rule",
        ),
        pytest.param(
            "dockeropt.toml",
            "[rules.DO4001]\nallowed = 3",
            "dockeropt.toml: `rules.DO4001.allowed` must be a list of texts, not the number 3",
            "",
            id="an option of another type",
        ),
        pytest.param(
            "dockeropt.toml",
            '[per-path]\n"a/" = { ignored = [] }',
            "dockeropt.toml: unknown key `per-path.a/.ignored`",
            "did you mean `ignore`?",
            id="an unknown key of a path",
        ),
        pytest.param(
            "dockeropt.toml",
            "select = [3]",
            "dockeropt.toml: `select` must hold texts only, not the number 3",
            "",
            id="a number in a list of texts",
        ),
        pytest.param(
            "dockeropt.toml",
            'no-fail = "yes"',
            'dockeropt.toml: `no-fail` must be true or false, not the text "yes"',
            "",
            id="a text for a boolean",
        ),
        pytest.param(
            "dockeropt.toml",
            'severities = "error"',
            'dockeropt.toml: `severities` must be a table, not the text "error"',
            "",
            id="a text for a table",
        ),
        pytest.param(
            "dockeropt.toml",
            'failure-threshold = "fatal"',
            "dockeropt.toml: `failure-threshold` is `fatal`, which is no level",
            "one of error, warning, info, style, ignore, none",
            id="an unknown level",
        ),
        pytest.param(
            "dockeropt.toml",
            'ignore = ["latest-tagg"]',
            "dockeropt.toml: `ignore` names a rule that is not: there is no rule latest-tagg",
            "did you mean DL3007 (latest-tag)? `dockeropt rules` lists them",
            id="an unknown rule",
        ),
        pytest.param(
            "dockeropt.toml",
            "ignore = [\n'DL3008'\nselect = []",
            "dockeropt.toml:3:1: unclosed array",
            "",
            id="broken TOML",
        ),
        pytest.param(
            ".hadolint.yaml",
            "ignores: [DL3008]",
            ".hadolint.yaml: unknown key `ignores`",
            "did you mean `ignored`?",
            id="an unknown key of hadolint's",
        ),
        pytest.param(
            ".hadolint.yaml",
            "override: {fatal: [DL3008]}",
            ".hadolint.yaml: unknown key `override.fatal`",
            "known keys: error, info, style, warning",
            id="an unknown level of hadolint's",
        ),
        pytest.param(
            ".hadolint.yaml",
            "label-schema: {a: number}",
            ".hadolint.yaml: `label-schema.a` is `number`, which is no type",
            "one of text, url, semver, hash, rfc3339, spdx, email",
            id="an unknown type of label",
        ),
        pytest.param(
            ".hadolint.yaml",
            "ignored:\n  - DL3008\n - DL3006\n",
            ".hadolint.yaml:3:2: did not find expected '-' indicator",
            "",
            id="broken YAML",
        ),
        pytest.param(
            ".hadolint.yaml",
            "- DL3008",
            ".hadolint.yaml:1: must be a mapping of keys to values",
            "such as `ignored: [DL3008]`",
            id="a list for a mapping",
        ),
    ],
)
def test_a_wrong_file_is_told_with_its_key_or_line(
    project: Path, file: str, text: str, message: str, hint: str
) -> None:
    (project / file).write_text(text)
    with pytest.raises(UsageError) as caught:
        configured()
    if "indicator" in message:  # PyYAML words it by the reader it was built with
        assert caught.value.message.startswith(".hadolint.yaml:3:2: ")
        return
    assert (message, hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        pytest.param("dockeropt.toml", b'ignore = ["\xff"]', id="no UTF-8"),
        pytest.param(".hadolint.yaml", b"\x00", id="control characters"),
        pytest.param(".hadolint.yaml", b"[" * 100_000, id="deep YAML"),
        pytest.param("dockeropt.toml", b"a = " + b"[" * 100_000, id="deep TOML"),
        pytest.param(".hadolint.yaml", b"a: &a [*a]\nb: !!python/name:os.system x\n", id="a YAML object"),
        pytest.param(".hadolint.yaml", b"ignored: 2024-13-45\n", id="a date that is none"),
        pytest.param("dockeropt.toml", b"#" * 2_000_000, id="a file too large"),
    ],
)
def test_a_hostile_file_is_a_wrong_one(project: Path, file: str, data: bytes) -> None:
    (project / file).write_bytes(data)
    with pytest.raises(UsageError, match=file):
        configured()


def test_a_named_file_is_read_and_must_be_there(project: Path) -> None:
    (project / "strict.yaml").write_text("ignored: [DL3006]\n")
    (project / "dockeropt.toml").write_text("broken")
    found = Configurations("strict.yaml", environment={}).of("services/shop/Dockerfile")
    assert frozenset(("dl3006",)) == found.settings.ignore
    with pytest.raises(UsageError, match=r"there is no configuration file nowhere\.toml"):
        read("nowhere.toml")


def test_a_file_is_read_once_for_all_its_dockerfiles(project: Path) -> None:
    (project / "dockeropt.toml").write_text('ignore = ["DL3006"]')
    configurations = Configurations(environment={})
    assert configurations.of("services/Dockerfile") is configurations.of("services/shop/Dockerfile")

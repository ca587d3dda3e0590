"""The templates of the CDN: cfn-lint and Terraform's own reader take them, and they say what CORS needs."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import hcl2
import pytest

from dockeropt.ci.cdn import Cdn, Format, bucket_cors, render_cdn
from tests.engine.edge import CORS_HEADERS, behavior_of

CFN_LINT = str(Path(sys.executable).with_name("cfn-lint"))
SITES = ("https://shop.example.com", "http://localhost:3000")
CDNS = [
    Cdn(SITES[:count], bucket, domain, by_origin)
    for count, bucket, domain, by_origin in product(
        (1, 2), (None, "shop.assets"), (None, "cdn.example.com"), (False, True)
    )
]


def test_cloudformation_passes_cfn_lint(tmp_path: Path) -> None:
    for number, cdn in enumerate(CDNS):
        (tmp_path / f"{number}.yml").write_text(render_cdn(cdn, Format.CLOUDFORMATION))
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    assert len(files) == 16
    words = [CFN_LINT, "--regions", "us-east-1", "eu-west-1", "--", *files]
    checked = subprocess.run(words, capture_output=True, text=True)
    assert checked.stdout + checked.stderr == ""
    assert checked.returncode == 0


def test_cfn_lint_is_really_asked(tmp_path: Path) -> None:
    text = render_cdn(CDNS[0], Format.CLOUDFORMATION).replace(
        "SigningProtocol: sigv4", "SigningProtocol: sigv3"
    )
    (tmp_path / "bad.yml").write_text(text)
    words = [CFN_LINT, str(tmp_path / "bad.yml")]
    assert "sigv3" in subprocess.run(words, capture_output=True, text=True).stdout


@pytest.mark.parametrize("cdn", CDNS)
def test_terraform_reads_and_is_formatted(tmp_path: Path, cdn: Cdn) -> None:
    """Terraform itself says so where it is installed; what a template can break is checked in any case."""
    text = render_cdn(cdn, Format.TERRAFORM)
    assert "resource" in hcl2.loads(text)
    assert misformatted(text) == []
    assert undeclared(text) == set()
    if shutil.which("terraform") is not None:
        (tmp_path / "main.tf").write_text(text)
        assert terraform(tmp_path, "fmt", "-check", "-diff") == ""


@pytest.mark.parametrize("cdn", [CDNS[0], CDNS[-1]], ids=["nothing named, headers", "all named, by origin"])
def test_terraform_validates_all_but_what_needs_the_provider(tmp_path: Path, cdn: Cdn) -> None:
    """Variables, functions, conditions and references are held to Terraform itself where it is installed.

    Every resource stands in for one that holds any values: which attributes AWS's have, its provider knows.
    """
    text = without_provider(render_cdn(cdn, Format.TERRAFORM))
    assert text.count('resource "terraform_data"') == 9 + (not cdn.by_origin)
    if shutil.which("terraform") is None:
        return
    (tmp_path / "main.tf").write_text(text)
    assert terraform(tmp_path, "init", "-backend=false", "-input=false") != ""
    assert terraform(tmp_path, "validate") == "Success! The configuration is valid."
    (tmp_path / "main.tf").write_text(text.replace("var.certificate_arn", "var.certificate"))
    assert 'An input variable with the name "certificate" has not been declared' in terraform(
        tmp_path, "validate", fails=True
    )


def terraform(folder: Path, *words: str, fails: bool = False) -> str:
    """Return what a command of Terraform prints, in a folder."""
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"} | {"TF_CLI_CONFIG_FILE": os.devnull}
    command = ["terraform", *words, "-no-color"] if words[0] != "fmt" else ["terraform", *words]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert (ran.returncode != 0) is fails, ran.stdout + ran.stderr
    return " ".join((ran.stdout + ran.stderr).split()) if words[0] == "validate" else ran.stdout + ran.stderr


def without_provider(text: str) -> str:
    """Return a configuration with the built-in resource in place of each of a provider's."""
    found, is_open = [], False
    for line in text[text.index("variable ") :].splitlines():
        head = re.match(r'(?:resource|data) "(\w+)" "\w+" \{', line)
        if head:
            is_open = True
            line = f'resource "terraform_data" "{head[1]}" {{\n  input = {{'
        elif is_open and line == "}":
            is_open = False
            line = "  }\n}"
        elif is_open:
            line = re.sub(r"^(\s+\w+) \{$", r"\1 = {", line)
        found.append(re.sub(r"(?:data\.)?\b(aws_\w+)\.static\b", r"terraform_data.\1.output", line))
    return "\n".join(found) + "\n"


def undeclared(text: str) -> set[str]:
    """Return what a configuration refers to and does not declare."""
    code = re.sub(r"#.*", "", text)
    declared = {f"var.{name}" for name in re.findall(r'^variable "(\w+)"', code, re.MULTILINE)}
    declared |= {f"{kind}.{name}" for kind, name in re.findall(r'"(aws_\w+)" "(\w+)" \{', code)}
    (local,) = re.findall(r"^locals \{\n(.*?)^\}", code, re.MULTILINE | re.DOTALL)
    declared |= {f"local.{name}" for name in re.findall(r"^ +(\w+) +=", local, re.MULTILINE)}
    return set(re.findall(r"\b(?:(?:var|local)\.\w+|aws_\w+\.\w+)", code)) - declared


def test_what_is_not_declared_is_seen() -> None:
    assert undeclared("locals {\n  a = var.b\n  c = local.a\n  d = aws_x.y.z\n}\n") == {"var.b", "aws_x.y"}


def misformatted(text: str) -> list[str]:
    """Return the lines that ``terraform fmt`` would indent or align in another way."""
    found, depth, block = [], 0, list[str]()
    for line in [*text.splitlines(), ""]:
        plain = line.strip()
        closing = plain.startswith(("}", "]"))
        if plain and line != "  " * (depth - closing) + plain:
            found.append(line)
        depth += plain.count("{") - plain.count("}") if not plain.startswith("#") else 0
        if re.match(r"[\w-]+ *= ", plain) and not plain.endswith("{"):
            block.append(line)
        else:
            found += block if len({each.index("=") for each in block}) > 1 else []
            block = []
    return found


def test_the_formatting_check_sees_both_faults() -> None:
    assert misformatted("a {\n b = 1\n}\n") == [" b = 1"]
    assert misformatted("a {\n  b = 1\n  long = 2\n}\n") == ["  b = 1", "  long = 2"]
    assert misformatted("a {\n  b    = 1\n  long = 2\n}\n") == []


def test_both_templates_say_the_same_of_cors() -> None:
    for cdn in CDNS:
        text = render_cdn(cdn, Format.TERRAFORM)
        behavior = behavior_of(render_cdn(cdn, Format.CLOUDFORMATION))
        read: Any = hcl2.loads(text)
        served = plain(resource(read, "aws_cloudfront_distribution")["default_cache_behavior"])
        assert tuple(served["allowed_methods"]) == behavior.methods == ("GET", "HEAD", "OPTIONS")
        parameters = resource(read, "aws_cloudfront_cache_policy")
        headers = plain(parameters["parameters_in_cache_key_and_forwarded_to_origin"])["headers_config"]
        assert ("whitelist" in str(headers)) is cdn.by_origin is (behavior.key_headers == CORS_HEADERS)
        assert ("response_headers_policy_id" in served) is (not cdn.by_origin) is bool(behavior.origins)
        assert behavior.origins == (() if cdn.by_origin else cdn.origins)
        assert f"origins     = {json.dumps(list(cdn.origins))}" in text


def resource(read: Any, kind: str) -> Any:
    """Return the one resource of a kind."""
    (found,) = (each for each in plain(read)["resource"] if kind in each)
    return found[kind]["static"]


def plain(value: Any) -> Any:
    """Return what python-hcl2 read, without its quotes and marks, blocks of one without their list."""
    if isinstance(value, dict):
        return {key.strip('"'): plain(item) for key, item in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        one = len(value) == 1 and isinstance(value[0], dict)
        return plain(value[0]) if one else [plain(item) for item in value]
    return value.strip('"') if isinstance(value, str) else value


def test_the_rules_for_a_bucket_that_is_there() -> None:
    rules = json.loads(bucket_cors(CDNS[-1]))["CORSRules"]
    assert rules == [
        {
            "AllowedOrigins": list(SITES),
            "AllowedMethods": ["GET", "HEAD"],
            "AllowedHeaders": ["*"],
            "MaxAgeSeconds": 3000,
        }
    ]

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
    terraform = shutil.which("terraform")
    if terraform is not None:
        (tmp_path / "main.tf").write_text(text)
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
        words = [terraform, "fmt", "-check", "-diff", str(tmp_path)]
        checked = subprocess.run(words, env=environment, capture_output=True, text=True)
        assert checked.stdout + checked.stderr == ""
        assert checked.returncode == 0


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

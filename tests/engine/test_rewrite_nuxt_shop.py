"""The real shop, rewritten, built and run."""

import shutil
from pathlib import Path

import pytest

from dockeropt.rewrite.options import Options
from dockeropt.rewrite.rewriter import rewrite
from tests.engine.containers import docker, image, running

pytestmark = pytest.mark.engine

SHOP = Path(__file__).parents[2] / "fixtures" / "projects" / "nuxt-shop"
CDN = "https://cdn.example.com/abc"


def test_the_shop_answers_without_root_and_from_a_cdn(tmp_path: Path) -> None:
    context = tmp_path / "shop"
    made = shutil.ignore_patterns("node_modules", ".nuxt", ".output", ".data")
    shutil.copytree(SHOP, context, ignore=made)
    outcome = rewrite(str(context), None, Options(cdn=True))
    (context / "Dockerfile").write_text(outcome.rewritten.dockerfile)
    (context / ".dockerignore").write_text(outcome.rewritten.ignore)
    with image(context) as name, running(name, 3000, "--env", f"NUXT_APP_CDN_URL={CDN}") as container:
        answer = container.get()
        assert answer.status == 200
        assert f"{CDN}/_nuxt/" in answer.body
        assert docker("exec", container.name, "id", "-un") == "node"
        assert docker("exec", container.name, "ls", "-A", "/app") == ".output"
        assert container.health() == "healthy"
        seconds, code = container.stop()
        assert seconds < 3
        assert code == 0

"""Tests of dockeropt; a package, so that tests share their tables."""

# Two commands do everything on a fresh machine: `make demo` and `make test`.
python := .venv/bin/python
shop := fixtures/projects/nuxt-shop

.PHONY: demo test check format clean

# What is wrong with a real Nuxt app's Dockerfile, the better one, and what the difference is worth.
demo: .venv/ready
	.venv/bin/dockeropt lint $(shop)/Dockerfile || [ $$? = 1 ]
	.venv/bin/dockeropt rewrite --nuxt --explain $(shop)
	@if docker info >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; then set -x; \
		.venv/bin/dockeropt measure $(shop); \
	else echo "no Docker engine answers, so nothing is built: this is what the step graph predicts"; set -x; \
		.venv/bin/dockeropt predict $(shop); \
	fi

# Two processes: what needs the engine runs in one of them while the other does the rest (tests/conftest.py).
test: check
	$(python) -m pytest --numprocesses 2

check: .venv/ready
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

format: .venv/ready
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The environment of this checkout: dockeropt itself, editable, and the tools of the `dev` group.
.venv/ready: pyproject.toml
	python3 -m venv .venv
	$(python) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(python) -m pip install --quiet --editable . --group dev
	@touch $@

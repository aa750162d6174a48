PYTHON ?= python3
PY := .venv/bin/python
CODE := bot handlers db knowledge tests bench

.DEFAULT_GOAL := help
.PHONY: help run test check eval bench soak format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[.a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

# The stamp holds what the environment was built from: a changed lock builds it anew, a broken build leaves no stamp.
.venv: .venv/.built ## build the virtual environment
.venv/.built: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: .venv/.built ## start everything that is configured
	$(PY) -m bot run

test: .venv/.built ## run all tests
	$(PY) -m pytest -n auto

check: .venv/.built ## format, lint, types, layers, then all tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(MAKE) test

eval: .venv/.built ## ask the questions of tests/quality and print a table
	$(PY) -m tests.quality.evaluate

bench: .venv/.built ## measure side by side: search engines, a bare echo bot, many web pages
	$(PY) -m bench

soak: .venv/.built ## kill the program again and again while people ask; try the procedure and the store for long
	$(PY) -m tests.soak
	POLICYBOT_EXAMPLES=200 $(PY) -m pytest -n auto tests/unit/db

format: .venv/.built ## format and fix what can be fixed
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lock: ## pin the newest allowed versions in requirements.lock (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --group dev \
		--no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.lock

clean: ## remove the environment and all caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# Two commands to start: `make demo` and `make test`. Both set up what they need in .venv.
# PYTHON can name another interpreter (3.11 or newer).
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WORKERS ?= auto

.PHONY: demo test check lint types layers slow bench clean

demo: $(VENV)/.demo
	$(BIN)/negsim run paris_2025 --seed 33

test: $(VENV)/.test
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow"

check: lint types layers test

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

layers: $(VENV)/.test
	$(BIN)/lint-imports

# Long searches, with a bounded budget; not part of `make check`.
slow: $(VENV)/.test
	$(BIN)/python -m pytest -q -n $(WORKERS) -m slow

# Side by side with hand-written peers; prints ratios, judges nothing.
bench: $(VENV)/.test
	$(BIN)/python -m tests.benchmarks

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "negsim needs Python 3.11 or newer: make PYTHON=python3.11 demo")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

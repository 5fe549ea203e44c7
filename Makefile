# Two commands to start: `make demo` and `make test`. Both set up what they need in .venv, in the versions that
# constraints.txt names. PYTHON can name another interpreter (3.11 or newer).
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WORKERS ?= auto
PYTEST := -m pytest -q -n $(WORKERS) -m "not slow"
PIP    := -m pip install --quiet --disable-pip-version-check
MADE   := pyproject.toml constraints.txt

.PHONY: demo test check lint types layers plain pythons newest oldest constraints slow bench clean

demo: $(VENV)/.demo
	$(BIN)/negsim run paris_2025 --seed 4

test: $(VENV)/.test
	$(BIN)/python $(PYTEST)

check: lint types layers test

lint: $(VENV)/.check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.check
	$(BIN)/mypy

layers: $(VENV)/.check
	$(BIN)/lint-imports

# The README's other way to install: a plain copy, away from the checkout, can run what ships.
plain:
	$(PYTHON) -m venv --clear .venv-plain
	.venv-plain/bin/python $(PIP) --constraint constraints.txt .
	cd .venv-plain && bin/negsim run paris_2025 --seed 4 --no-keep --quiet

# The same bytes under every Python that negsim is made for and that is found here.
pythons: $(VENV)/.test
	$(BIN)/python tests/pythons.py

# The tests with the newest releases that pyproject.toml allows, and with the oldest.
newest:
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python $(PIP) --upgrade pip
	.venv-newest/bin/python $(PIP) --editable '.[test]'
	.venv-newest/bin/python $(PYTEST)

oldest:
	$(PYTHON) -m venv --clear .venv-oldest
	.venv-oldest/bin/python $(PIP) uv
	.venv-oldest/bin/uv pip install --quiet --python .venv-oldest/bin/python --resolution lowest-direct --editable '.[test]'
	.venv-oldest/bin/python $(PYTEST)

# Takes the versions that `make newest` has just tried as the ones to install from now on.
constraints: newest
	.venv-newest/bin/python $(PIP) --editable '.[all]'
	.venv-newest/bin/python -m pip freeze --exclude-editable > constraints.txt

# Long searches, with a bounded budget; not part of `make check`.
slow: $(VENV)/.test
	$(BIN)/python -m pytest -q -n $(WORKERS) -m slow

# Side by side with hand-written peers; prints ratios, judges nothing.
bench: $(VENV)/.test
	$(BIN)/python -m tests.benchmarks

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "negsim needs Python 3.11 or newer: make PYTHON=python3.11 demo")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python $(MADE)
	$(BIN)/python $(PIP) --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python $(MADE)
	$(BIN)/python $(PIP) --constraint constraints.txt --editable '.[test]'
	@touch $@ $(VENV)/.demo

$(VENV)/.check: $(VENV)/bin/python $(MADE)
	$(BIN)/python $(PIP) --constraint constraints.txt --editable '.[all]'
	@touch $@ $(VENV)/.test $(VENV)/.demo

clean:
	rm -rf $(VENV) .venv-* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

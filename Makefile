# Everything happens inside .venv, which `make setup` builds from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format setup lock torture benchmark picture discord-picture clean

run: setup
	@if [ -n "$$DISCORD_TOKEN" ] || grep -qs "^DISCORD_TOKEN=." .env; then $(BIN)/footnote discord; else $(BIN)/footnote chat; fi

test: check
	$(BIN)/python -m pytest --cov

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/vulture

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: .venv/installed

# The lock names every package, so that pip has nothing to resolve: --no-deps is minutes faster.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Resolves pyproject.toml afresh and writes down what it came to (slow: minutes).
lock:
	rm -rf .venv-lock
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade pip
	.venv-lock/bin/python -m pip install --quiet setuptools .[dev]
	.venv-lock/bin/python -m pip freeze --exclude footnote | sed 's/+cpu$$//' > requirements.lock
	.venv-lock/bin/python -m pip freeze --all | grep '^setuptools==' >> requirements.lock
	rm -rf .venv-lock

# Faults made on purpose, in full: about an hour. One trial alone, or the soak: make torture TRIAL=soak
torture: setup
	$(BIN)/python -m tests.torture $(TRIAL)

benchmark: setup
	$(BIN)/python -m pytest tests/benchmarks -s

picture: setup
	$(BIN)/python -m tests.benchmarks.picture

discord-picture: setup
	$(BIN)/python -m tests.benchmarks.discord_picture

clean:
	rm -rf .venv data build *.egg-info .import_linter_cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

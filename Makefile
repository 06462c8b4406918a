# Everything happens inside .venv: `make setup` builds it from requirements.lock, `make tools` adds what developers use.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv)
RESOLVE := $(if $(UV),uv pip install --python $(BIN)/python,$(BIN)/python -m pip install) --quiet
# The locks name every package, so that there is nothing to resolve: --no-deps is minutes faster.
INSTALL := $(RESOLVE) --no-deps
TORCH = "$$(grep '^torch==' requirements.lock)"

.PHONY: run test check format setup tools lock torture benchmark compare picture discord-picture clean

run: setup
	@if [ -n "$$DISCORD_TOKEN" ] || grep -qs "^DISCORD_TOKEN=." .env; then $(BIN)/footnote discord; else $(BIN)/footnote chat; fi

test: check
	$(BIN)/python -m pytest --cov --numprocesses 2 --dist loadfile

check: tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/vulture

format: tools
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(if $(UV),$(INSTALL) --torch-backend=cpu $(TORCH) || echo "torch comes from the package index instead")
	$(INSTALL) --requirement requirements.lock
	$(INSTALL) --no-build-isolation --editable .
	# The package index has a torch for Linux that does not start without CUDA, which the lock does not name.
	$(BIN)/python -c "import torch" || $(RESOLVE) $(TORCH)
	touch $@

tools: .venv/tools

.venv/tools: .venv/installed requirements-dev.lock
	$(INSTALL) --requirement requirements-dev.lock
	touch $@

# Resolves pyproject.toml afresh and writes down what it came to (slow: minutes). What developers use has its say in what
# the program stands on, so that both locks, and the extras that tests need, can be installed together.
lock:
	rm -rf .venv-lock
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade pip
	.venv-lock/bin/python -m pip install --quiet hatchling .[dev]
	.venv-lock/bin/python -m pip freeze --exclude footnote | sed 's/+cpu$$//' > .venv-lock/everything
	$(PYTHON) -m venv .venv-lock/runtime
	.venv-lock/runtime/bin/python -m pip install --quiet --constraint .venv-lock/everything hatchling .
	.venv-lock/runtime/bin/python -m pip freeze --exclude footnote | sed 's/+cpu$$//' > requirements.lock
	.venv-lock/runtime/bin/python -m pip freeze --all | grep '^setuptools==' >> requirements.lock
	grep -vxFf requirements.lock .venv-lock/everything > requirements-dev.lock
	rm -rf .venv-lock

# Faults made on purpose, in full: about an hour. One trial alone, or the soak: make torture TRIAL=soak
torture: tools
	$(BIN)/python -m tests.torture $(TRIAL)

benchmark: tools
	$(BIN)/python -m pytest tests/benchmarks -s

# Footnote beside LangChain, txtai and LlamaIndex, which stand in an environment of their own: a quarter of an hour. SETS
# are folders of question sets; what the systems cost is measured on the first.
SETS ?= ../shared/eval/squad2 ../shared/eval/multihoprag
compare: tools .venv-compare/installed
	$(BIN)/python -m tests.benchmarks.compare .venv-compare/bin/python $(SETS)

.venv-compare/installed: tests/benchmarks/compare/requirements.txt
	$(PYTHON) -m venv .venv-compare
	.venv-compare/bin/python -m pip install --quiet --requirement $<
	touch $@

picture: tools
	$(BIN)/python -m tests.benchmarks.picture

discord-picture: tools
	$(BIN)/python -m tests.benchmarks.discord_picture

clean:
	rm -rf .venv .venv-compare data build *.egg-info .import_linter_cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

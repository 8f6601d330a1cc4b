# Everything runs in a virtual environment of its own; nothing has to be installed by hand but Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The size of the cluster that `make bench` generates, about a gigabyte of kubectl's JSON: make bench NODES=500 PODS=10000
NODES ?= 5000
PODS ?= 100000
RUNS ?= 3

.PHONY: demo test lint mutations coverage docs golden bench clean

demo: $(STAMP)  ## lint a shipped example that has instructive defects
	@$(BIN)/aiconf lint fixtures/submissions/v1.37/heron --members fixtures/members.txt || test $$? -eq 1

test: $(STAMP) lint  ## the whole test suite, and the examples in the rule files on both engines
	$(BIN)/pytest -n auto -q
	$(BIN)/aiconf test --engine reference

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m aiconf.docs --check
	$(BIN)/python -m aiconf.catalog.schema --check

mutations: $(STAMP)  ## break everything that the clusters rest on, one thing at a time: no policy may still pass
	$(BIN)/pytest -n auto -q tests/policies --all-mutations

coverage: $(STAMP)  ## branches that no test takes; in one process, since a covered run is slow
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

docs: $(STAMP)  ## regenerate docs/rules, docs/policies and the schemas of the file format
	$(BIN)/python -m aiconf.docs --write
	$(BIN)/python -m aiconf.catalog.schema --write

golden: $(STAMP)  ## rewrite the expected outputs under fixtures/expected; review the diff
	$(BIN)/pytest -q tests/golden --update-goldens

bench: $(STAMP)  ## time and memory ratios against other tools, in one run on the same files
	$(BIN)/python bench/run.py
	$(BIN)/python bench/snapshot.py --nodes $(NODES) --pods $(PODS) --runs $(RUNS)

clean:
	rm -rf $(VENV) build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(STAMP): pyproject.toml hatch_build.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "aiconf needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable . --group dev
	touch $@

# Everything runs in .venv, which the first target makes; the second call finds it there.
# A machine needs make and Python 3.11 or newer with the venv module, nothing else.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV ?= .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
AUDIT_HOME ?= $(CURDIR)/.audit
export AUDIT_HOME

# Variables of somebody's own Airflow or audit must not reach the tests.
CLEAN_ENV = env $$(compgen -e | grep -E '^(AIRFLOW|AUDIT)_' | grep -v '^AUDIT_TEST_' | sed 's/^/-u /')
PYTEST_JOBS ?= 2
PYTEST_ARGS ?=

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: audit
audit: $(VENV)/.runtime  ## Run the nightly audit on the sample organisation
	@$(BIN)/python -m examples.demo

.PHONY: test
test: $(VENV)/.dev  ## Run all tests; those that lack a service say so
	@$(CLEAN_ENV) $(BIN)/python -m pytest -n $(PYTEST_JOBS) --dist loadgroup $(PYTEST_ARGS)

.PHONY: lint
lint: $(VENV)/.dev  ## Check style, types, direction of imports and docstrings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/ruff check --preview --select AIR dags
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet audit reports dags examples || \
	  { $(BIN)/interrogate -vv audit reports dags examples | grep MISSED; exit 1; }
	$(BIN)/typos
	$(BIN)/djlint --lint --quiet reports/templates

.PHONY: format
format: $(VENV)/.dev  ## Rewrite the sources in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: lock
lock: $(BIN)/python  ## Regenerate constraints.txt, the exact version of everything
	$(BIN)/uv pip compile --universal --python-version 3.11 --upgrade --extra dev \
	  --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command "make lock" --output-file constraints.txt --quiet pyproject.toml

.PHONY: clean
clean:  ## Remove the environment and what tools left behind (keeps .audit)
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .hypothesis .import_linter_cache \
	  .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# uv does in seconds what takes pip minutes; where it cannot reach the package index as
# pip can (pip.conf is pip's own), pip does the work.
define install
	@if $(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt $(1) 2>$(VENV)/uv.log; \
	then :; else \
	  echo "uv could not install (see $(VENV)/uv.log); trying pip" >&2; \
	  $(BIN)/python -m pip install --quiet -c constraints.txt $(1); \
	fi
endef

$(BIN)/python:
	@python= lacking=; \
	for candidate in $${PYTHON:-} python3 python3.13 python3.12 python3.11; do \
	  "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  "$$candidate" -c 'import ensurepip, venv' 2>/dev/null && { python=$$candidate; break; }; \
	  lacking=$${lacking:-$$candidate}; \
	done; \
	if [ -z "$$python" ]; then \
	  if [ -n "$$lacking" ]; then \
	    echo "$$lacking lacks the venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  else \
	    echo "Python 3.11 or newer is needed, here is $$(python3 --version 2>/dev/null || echo none); make PYTHON=/path/to/python3 names another" >&2; \
	  fi; \
	  exit 2; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version)" >&2; \
	"$$python" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
	  || echo "uv $(UV_VERSION) is not to be had here; pip does the work" >&2

$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	$(call install,-e .)
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(call install,-e '.[dev]')
	@touch $(VENV)/.runtime $@

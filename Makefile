# The commands of the project. `make run` and `make test` start from a bare checkout with Python 3.11 and pip.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

DATA ?= $(if $(NEEDLOOP_DATA),$(NEEDLOOP_DATA),var)
LANDING ?= $(NEEDLOOP_LANDING)
SUPERSET := dashboards/superset
TOOLS := .tools
KILLS ?= 30

# Drivers for PostgreSQL, where the settings name one or `make setup POSTGRES=1` asks for them.
POSTGRES ?= $(value NEEDLOOP_SUPERSET_METADATA_URI)$(value NEEDLOOP_DAGSTER_STORAGE_URI)
DRIVERS := $(if $(POSTGRES),--extra postgres)
# python-ldap is compiled on this machine: only where people sign in through a directory, or `make test LDAP=1` asks.
LDAP ?= $(filter ldap,$(NEEDLOOP_SUPERSET_SIGN_ON))
DIRECTORY := $(if $(LDAP),--extra ldap)

# The interpreter is the machine's own: a bank's machine may not be let to download one.
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export NEEDLOOP_DATA := $(abspath $(DATA))

UV := $(shell command -v uv 2>/dev/null || echo $(TOOLS)/bin/uv)
IN_PIPELINE := $(UV) run --frozen --no-sync
IN_SUPERSET := $(UV) run --frozen --no-sync --project $(SUPERSET)

.PHONY: help setup setup-dev run serve generate test test-fast lint lint-python lint-sql lint-docs docs test-python bench-load effects-check faults-check chaos clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(TOOLS)/bin/uv:
	python3 -m pip install --quiet --disable-pip-version-check --target $(TOOLS) 'uv>=0.9'

setup: $(if $(filter $(TOOLS)/%,$(UV)),$(UV)) ## install the pipeline's and Superset's environments
	$(UV) sync --quiet --frozen --no-dev --inexact $(DRIVERS) --compile-bytecode
	$(UV) sync --quiet --frozen --no-dev --inexact $(DRIVERS) $(DIRECTORY) --project $(SUPERSET) --compile-bytecode
	@$(IN_PIPELINE) python -m compileall -q -x "/\\.venv/" needloop dagster_pipelines dashboards expectations seeds
	@$(IN_PIPELINE) python -m dagster_pipelines.transformation.project

setup-dev: setup
	$(UV) sync --quiet --frozen --extra postgres --group docs --compile-bytecode
	$(UV) sync --quiet --frozen --extra postgres $(DIRECTORY) --project $(SUPERSET) --compile-bytecode

run: setup ## sample bank (unless LANDING=DIR is named), pipeline, dashboards, report
	@if [ -z "$(LANDING)" ] && [ ! -d "$(DATA)/landing" ]; then \
		$(IN_PIPELINE) needloop sample --out "$(DATA)/landing"; fi
	@$(IN_PIPELINE) needloop run $(if $(LANDING),--landing "$(LANDING)")
	@$(IN_SUPERSET) python $(SUPERSET)/provision.py --data "$(DATA)"
	@echo
	@$(IN_PIPELINE) needloop status
	@echo
	@echo "Release:    $(NEEDLOOP_DATA)/current/needloop_marts.duckdb"
	@echo "Reports:    $(NEEDLOOP_DATA)/reports/"
	@echo "Dashboards: make serve, then http://127.0.0.1:8088 (sign in with $(NEEDLOOP_DATA)/superset/)"

serve: setup ## Superset on 127.0.0.1:8088 and Dagster on 127.0.0.1:3000, until Ctrl-C
	@$(IN_PIPELINE) python -m dagster_pipelines.dagster_instance >/dev/null
	@trap 'kill 0' EXIT; trap 'exit 0' INT TERM; \
	$(IN_SUPERSET) python $(SUPERSET)/serve.py --data "$(DATA)" & \
	DAGSTER_HOME="$(NEEDLOOP_DATA)/dagster" $(IN_PIPELINE) dagster dev -m dagster_pipelines.definitions \
		--host 127.0.0.1 --port 3000 & \
	wait

generate: ## write what follows from contract, metrics and checks: sources, staging, column texts, tables of the docs
	@$(IN_PIPELINE) python -m needloop.contract.generate
	@$(IN_PIPELINE) python -m dagster_pipelines.transformation.metrics_guide
	@$(IN_PIPELINE) python -m expectations.catalogue_page

test: setup-dev lint test-python ## the whole test suite, as CI runs it

# Types and SQL side by side: one process checks the types, and the linter reads half a minute before it shares its work out.
lint: setup-dev ## formatting, lint, types, SQL, documentation
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint-python lint-docs lint-sql

lint-python:
	$(IN_PIPELINE) ruff check .
	$(IN_PIPELINE) ruff format --check .
	$(IN_PIPELINE) mypy
	$(IN_PIPELINE) mypy --config-file $(SUPERSET)/pyproject.toml
	$(IN_PIPELINE) lint-imports

lint-sql:
	$(IN_PIPELINE) sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

# Strict: a link or an anchor that leads nowhere fails it. Not --quiet: mkdocs then counts no warnings, and passes.
lint-docs:
	NO_MKDOCS_2_WARNING=1 PYTHONWARNINGS=ignore $(IN_PIPELINE) mkdocs build

docs: setup-dev lint-docs ## the documentation site, in site/
	@echo "Documentation: site/index.html (for its search: python3 -m http.server --directory site)"

test-python: setup-dev
	$(IN_PIPELINE) pytest --numprocesses 2 --dist loadscope --durations 25

test-fast: ## the unit level in under a minute, for work; `make setup-dev` once before
	$(IN_PIPELINE) pytest --numprocesses 2 -m "not slow" tests/unit

bench-load: setup-dev ## the loader against DuckDB's bare readers of CSV and Parquet, 10 million rows
	$(IN_PIPELINE) python tests/benchmarks/bench_load.py

effects-check: setup-dev ## are planted training effects found, and none where there is none: twenty banks, an hour
	$(IN_PIPELINE) python tests/benchmarks/bench_effects.py --seeds 10 --scale 20 --write

chaos: setup-dev ## kills in every phase of a run: KILLS of them, 30 unless named
	$(IN_PIPELINE) python tests/end_to_end/chaos.py --kills $(KILLS)

faults-check: setup-dev ## are injected faults caught by the quality checks, and is there no alarm without: some fifteen minutes
	$(IN_PIPELINE) python -m tests.faults.run --write

clean: ## remove the data folder's sample, warehouse and releases
	rm -rf "$(DATA)"

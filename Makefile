# The commands of the project. `make run` and `make test` start from a bare checkout with Python 3.11 and pip.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

DATA ?= $(if $(NEEDLOOP_DATA),$(NEEDLOOP_DATA),var)
LANDING ?= $(NEEDLOOP_LANDING)
SUPERSET := dashboards/superset
TOOLS := .tools
KILLS ?= 30

# PostgreSQL drivers, if the settings name a database or `make setup POSTGRES=1` requests them.
POSTGRES ?= $(value NEEDLOOP_SUPERSET_METADATA_URI)$(value NEEDLOOP_DAGSTER_STORAGE_URI)
DRIVERS := $(if $(POSTGRES),--extra postgres)
# python-ldap is compiled locally: only for LDAP sign-on, or if `make test LDAP=1` requests it.
LDAP ?= $(filter ldap,$(NEEDLOOP_SUPERSET_SIGN_ON))
DIRECTORY := $(if $(LDAP),--extra ldap)

# Use the system's Python: a bank's machine may not be allowed to download one.
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

run: setup ## run the pipeline, dashboards and report, on a sample bank unless LANDING=DIR is set
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

serve: setup ## serve Superset on 127.0.0.1:8088 and Dagster on 127.0.0.1:3000 until Ctrl-C
	@$(IN_PIPELINE) python -m dagster_pipelines.dagster_instance >/dev/null
	@trap 'kill 0' EXIT; trap 'exit 0' INT TERM; \
	$(IN_SUPERSET) python $(SUPERSET)/serve.py --data "$(DATA)" & \
	DAGSTER_HOME="$(NEEDLOOP_DATA)/dagster" $(IN_PIPELINE) dagster dev -m dagster_pipelines.definitions \
		--host 127.0.0.1 --port 3000 & \
	wait

generate: ## regenerate files from contract, metrics and checks: dbt sources, staging, column docs, tables in the docs
	@$(IN_PIPELINE) python -m needloop.contract.generate
	@$(IN_PIPELINE) python -m dagster_pipelines.transformation.metrics_guide
	@$(IN_PIPELINE) python -m expectations.catalogue_page

test: setup-dev lint test-python ## run the whole test suite, as CI does

# Types and SQL in parallel: mypy is single-process, and sqlfluff parses for half a minute before it uses its workers.
lint: setup-dev ## check formatting, lint, types, SQL and documentation
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint-python lint-docs lint-sql

lint-python:
	$(IN_PIPELINE) ruff check .
	$(IN_PIPELINE) ruff format --check .
	$(IN_PIPELINE) mypy
	$(IN_PIPELINE) mypy --config-file $(SUPERSET)/pyproject.toml
	$(IN_PIPELINE) lint-imports

lint-sql:
	$(IN_PIPELINE) sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

# Strict: broken links and anchors fail. Not --quiet: mkdocs would then count no warnings and pass.
lint-docs:
	NO_MKDOCS_2_WARNING=1 PYTHONWARNINGS=ignore $(IN_PIPELINE) mkdocs build

docs: setup-dev lint-docs ## build the documentation site in site/
	@echo "Documentation: site/index.html (for search, run: python3 -m http.server --directory site)"

test-python: setup-dev
	$(IN_PIPELINE) pytest --numprocesses 2 --dist loadscope --durations 25

test-fast: ## run the unit tests in under a minute; needs `make setup-dev` once
	$(IN_PIPELINE) pytest --numprocesses 2 -m "not slow" tests/unit

bench-load: setup-dev ## benchmark the loader against DuckDB's bare CSV and Parquet readers, 10 million rows
	$(IN_PIPELINE) python tests/benchmarks/bench_load.py

effects-check: setup-dev ## check that planted training effects are found, and no others: twenty banks, an hour
	$(IN_PIPELINE) python tests/benchmarks/bench_effects.py --seeds 10 --scale 20 --write

chaos: setup-dev ## kill runs in every phase: KILLS times, default 30
	$(IN_PIPELINE) python tests/end_to_end/chaos.py --kills $(KILLS)

faults-check: setup-dev ## check that injected faults fail the quality checks, and clean data does not: about 15 minutes
	$(IN_PIPELINE) python -m tests.faults.run --write

clean: ## remove the data folder's sample, warehouse and releases
	rm -rf "$(DATA)"

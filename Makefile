# tocsin: two commands for a newcomer: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2

.PHONY: help demo demo-real rehearsal test check lint types floors documents covers golden bench national-day cluster lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamps carry the lock's content: with an unchanged lock nothing is fetched, so both commands work offline afterwards.
CORE_STAMP := $(VENV)/.core-$(shell cat requirements/core.txt pyproject.toml | cksum | cut -d' ' -f1)
TEST_STAMP := $(VENV)/.test-$(shell cat requirements/test.txt pyproject.toml | cksum | cut -d' ' -f1)

$(BIN)/python:
	@tools/make-venv "$(PYTHON)" $(VENV)

$(CORE_STAMP): | $(BIN)/python
	@echo "Installing tocsin and its locked packages into $(VENV) (once) …"
	@$(PIP) install --require-hashes -r requirements/core.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(TEST_STAMP): $(CORE_STAMP)
	@echo "Installing the locked test packages into $(VENV) (once) …"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

demo: $(CORE_STAMP) ## simulate September 2021, take it in, close it, and leave a PMR under demo/ (three minutes)
	@$(BIN)/tocsin demo demo

demo-real: $(CORE_STAMP) ## the same with months of real records, under demo-real/
	@$(BIN)/tocsin demo-real demo-real

rehearsal: $(CORE_STAMP) ## August to October 2021 as people would have worked them, day by day, under rehearsal/ (several minutes)
	@rm -rf rehearsal
	@$(BIN)/python -m tools.rehearsal rehearsal

test: $(TEST_STAMP) ## set up if needed, then every check and every test
	@$(MAKE) --no-print-directory lint types floors
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope tests

check: test ## what CI runs

lint: $(TEST_STAMP) ## ruff: rules and form
	@$(BIN)/ruff check src tests bench tools
	@$(BIN)/ruff format --check src tests bench tools

types: $(TEST_STAMP) ## mypy, strict
	@$(BIN)/mypy

floors: $(TEST_STAMP) ## import-linter: imports only go down
	@$(BIN)/lint-imports --no-cache | tail -n 8

documents: $(TEST_STAMP) ## write the pages of docs/ that are made from the declarations
	@$(BIN)/python -m tools.write_documents

covers: $(TEST_STAMP) ## print the Change Requests and clauses that no scenario covers: nothing, when all is well
	@$(BIN)/python -m tools.covers

golden: $(TEST_STAMP) ## write the report under review (tests/golden/pmr/then) anew: look at the difference before committing it
	@$(BIN)/python tests/golden/golden_month.py

bench: $(TEST_STAMP) ## ours beside the peers, in one run (20 M rows: ten minutes or more)
	@$(BIN)/python -m bench.run $(BENCH)

national-day: $(TEST_STAMP) ## a day at full volume, generated, taken in, closed and shown, with what it cost (half an hour, 45 GB of disk)
	@$(BIN)/python -m tools.national_day $(NATIONAL_DAY)

cluster: $(TEST_STAMP) ## start a Spark standalone cluster on loopback (master, two workers, Spark Connect) and stop it at Ctrl-C
	@$(BIN)/python -m tools.start_cluster $(CLUSTER)

# What is tested is what is installed: the core's lock begins as the tests' lock, whose versions uv keeps wherever they may stay.
LOCKED := uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 --extra checkout --extra simulate --extra volume --extra serve
lock: ## make the locks again from pyproject.toml (needs uv)
	$(LOCKED) --extra test pyproject.toml -o requirements/test.txt
	cp requirements/test.txt requirements/core.txt
	$(LOCKED) pyproject.toml -o requirements/core.txt

clean: ## remove what the demo and the checks made; the environment stays
	rm -rf demo demo-real rehearsal national-day .mypy_cache .ruff_cache .hypothesis bench/data

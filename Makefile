# Peer Challenge: everything a developer or a curious office types. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
DEV_STAMP := $(VENV)/.stamp-dev
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev assets run test check audit bench serve docs figures lock digests release clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock requirements-build.lock pyproject.toml package.json package-lock.json scripts/set_up.py
	$(PYTHON) -m scripts.set_up
	@touch $@

$(DEV_STAMP): requirements.lock requirements-dev.lock requirements-build.lock pyproject.toml package.json package-lock.json scripts/set_up.py
	$(PYTHON) -m scripts.set_up --dev
	@touch $(STAMP) $@

setup: $(STAMP) ## make the virtual environment in .venv

setup-dev: $(DEV_STAMP) ## the same, with what tests and benchmarks need

assets: $(STAMP) ## bring the dashboard's styles again
	$(BIN)/python -m scripts.assets

run: $(STAMP) ## rehearse a whole cycle of a fictional region, in and out of Word
	$(BIN)/peer-challenge rehearse

test: $(DEV_STAMP) ## run the tests
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

check: $(DEV_STAMP) ## style, types, the direction of the arrows and our English
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.code_rules
	$(BIN)/python -m scripts.prose_rules

audit: $(DEV_STAMP) ## look up known weaknesses of every locked package (asks PyPI)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

bench: $(DEV_STAMP) ## measure, against peers in the same run
	$(BIN)/python -m bench

serve: $(STAMP) ## run everything: server, worker, watcher, dashboard
	$(BIN)/peer-challenge serve

docs: $(DEV_STAMP) ## make the generated pages and the pictures of the docs
	$(BIN)/python -m scripts.docs

figures: $(DEV_STAMP) ## count modules, lines, names, rooms and floors of the code
	@$(BIN)/python -m scripts.figures

lock: ## compile the lock files from pyproject.toml
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --group build --constraint requirements.lock -o requirements-build.lock
	$(COMPILE) pyproject.toml --extra dev --extra bench --extra dask --constraint requirements.lock --constraint requirements-build.lock -o requirements-dev.lock

digests: ## name the images of others by their digests (asks the registry, through Docker)
	$(PYTHON) -m scripts.image_digests

release: check ## make a release: make release VERSION=x.y.z
	$(BIN)/python -m scripts.release "$(VERSION)"

clean: ## remove what was made: environment, caches, the rehearsal
	rm -rf $(VENV) rehearsal node_modules build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two commands: `make run` (set up, draft a sample, serve the pages) and `make test` (everything that must hold).
PORT ?= 8501
BIN := .venv/bin
READY := $(BIN)/.installed
POSTGRES := $(firstword $(wildcard /usr/lib/postgresql/*/bin/initdb) $(shell command -v initdb))
CHROMIUM ?= $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))

LOCAL_LLM := ../shared/local-llm/serve.py

.DEFAULT_GOAL := help
.PHONY: help setup run docs lint types unit browser test test-llm test-llm-short benchmark benchmark-digest benchmark-search benchmark-model clean

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## the environment, with the pinned parts

# Made anew only when a pin or a dependency changes. The first Python from 3.11 on that really starts is taken.
$(READY): pyproject.toml constraints.txt
	@set -e; for name in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14; do \
	  if $$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo 'Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv), or name one: make PYTHON=…' >&2; exit 1; fi; \
	[ -x $(BIN)/python ] || { echo "Creating .venv with $$($$python --version)"; $$python -m venv .venv; }
	@echo 'Installing the pinned parts (once, a few minutes)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: $(READY) ## draft the sample announcement, then serve the pages on PORT
	$(BIN)/copilot draft announcement examples/brief.yaml
	$(BIN)/copilot ui --port $(PORT)

docs: $(READY) ## docs/api.md, from the docstrings
	$(BIN)/python scripts/api_docs.py

test: lint types unit browser test-llm-short ## lint, types, unit tests, the pages in a real browser, one draft by a real small model

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

unit: $(READY) ## the tests without a browser
	@if [ -z "$(POSTGRES)" ]; then \
	  echo 'No PostgreSQL here: installing postgresql with apt-get, for the tests of the store'; \
	  as=; [ "$$(id -u)" = 0 ] || as='sudo -n'; \
	  $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends postgresql; \
	fi
	$(BIN)/python -m pytest -q -n auto

browser: $(READY) ## the pages in Chromium
	@if [ -z "$(CHROMIUM)" ]; then \
	  echo 'No Chromium here: installing chromium and fonts-noto-cjk with apt-get'; \
	  as=; [ "$$(id -u)" = 0 ] || as='sudo -n'; \
	  $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; \
	fi
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m browser tests/browser

# A 1.5B model behind a server of its own; the first time, that fetches a gigabyte of weights. Results: test-results/llm.
test-llm: $(READY) ## all jobs with a real small model, for hours; ONLY="ann wp-02" takes some; broken off, it goes on
	@if [ -f $(LOCAL_LLM) ]; then $(BIN)/python -m pytest -q -m llm -k 'not short' tests/llm; \
	else echo 'Skipped: the runs on a real small model need $(LOCAL_LLM), which is not here'; fi

test-llm-short: $(READY)
	@if [ -f $(LOCAL_LLM) ]; then $(BIN)/python -m pytest -q -m llm -k short tests/llm; \
	else echo 'Skipped: the draft by a real small model needs $(LOCAL_LLM), which is not here'; fi

benchmark: $(READY) ## how long things take on this machine
	$(BIN)/python scripts/benchmark.py

benchmark-digest: $(READY) ## how a digest grows, up to 100,000 messages
	$(BIN)/python scripts/benchmark_digest.py

benchmark-search: $(READY) ## how search grows, up to 10,000 chunks
	$(BIN)/python scripts/benchmark_search.py

benchmark-model: $(READY) ## what a model's draft takes beside the model, and memory over 500 of them
	$(BIN)/python scripts/benchmark_model.py

clean: ## remove the environment and all caches
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results

# Two commands do everything: `make demo` and `make test`. They install what they need into .venv.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export NUMBA_CACHE_DIR ?= $(CURDIR)/$(VENV)/numba-cache

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types layers docs unit bench lock clean

help:
	@echo "make demo    Beispielregion rechnen und zeigen / run the sample region"
	@echo "make test    alles pruefen / lint, types, layers, docs, tests"
	@echo "make bench   Geschwindigkeit messen / benchmarks"
	@echo "make lock    requirements.lock neu schreiben / renew the lock file"

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 fehlt. Bitte ausfuehren: sudo apt-get install python3.11 python3.11-venv  (oder PYTHON=... angeben)"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "Das Modul venv fehlt. Bitte ausfuehren: sudo apt-get install python3.11-venv"; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Ankerort braucht Python 3.11 oder neuer."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

setup: $(STAMP)

demo: $(STAMP)
	$(BIN)/ankerort demo --out demo-ausgabe

lint: $(STAMP)
	$(BIN)/ruff check src tests benchmarks docs/conf.py docs/generate_reference.py
	$(BIN)/ruff format --check src tests benchmarks docs/conf.py docs/generate_reference.py

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

unit: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile

test: lint types layers docs unit

bench: $(STAMP)
	$(BIN)/python benchmarks/run_all.py

lock:
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) docs/_build demo-ausgabe

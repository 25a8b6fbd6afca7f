# Two commands are enough: `make demo` and `make test`. Both set themselves up.
# Python 3.11 or later with venv, git and make; no other tool, no network but a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test test-browser-setup check lint types contracts bench bench-peers kills indistinguishable mutation mutants-of-mission vectors picture screens catalogues lock clean help

help:                ## what can be made
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

# The environment follows the hash-locked list; a changed list is installed again.
$(VENV)/ready: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "error: Good Offices needs Python 3.11 or later"; \
	       echo "hint: make PYTHON=/path/to/python3.12 demo"; rm -rf $(VENV); exit 1; }
	@echo "installing locked dependencies into $(VENV)"
	@$(BIN)/python -m ensurepip --upgrade >/dev/null 2>&1 || true
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/ready  ## a whole talks on this machine, from the offer to a verified outcome
	@$(BIN)/goodoffices demo --headless $(ARGS)
	@if [ -t 1 ] && [ -z "$(ARGS)" ]; then echo; $(BIN)/goodoffices demo; else echo; \
	  echo "to take both sides yourself, in the browser: $(BIN)/goodoffices demo"; fi

# Three processes on two cores: many tests wait, for other processes or for a page.
# Compiled modules are kept, whatever the machine's own rule: else each process of tests compiles every test anew, and each desk,
# venue and verb that a test starts the whole program.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/ready  ## all tests, under ten minutes on two cores
	@$(BIN)/python -m pytest -n 3 $(ARGS)

test-browser-setup:  ## Chromium for the tests of pages, from Debian; without it they are skipped, and fail in CI
	@tests/browser/setup.sh

check: lint types contracts  ## style, types, who may import whom

lint: $(VENV)/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/ready
	@$(BIN)/mypy

contracts: $(VENV)/ready
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/ready  ## every claim of speed: our figure, the floor's, the ratio, from one run
	@$(BIN)/python -m bench $(ARGS)

# Peers live in environments of their own and are never shipped; the first needs Node.
bench-peers: .cache/peers/soundings/ready  ## install the peers of the benches (those in a browser need npm)
	@mkdir -p .cache/peers && cp -r bench/peers/prosemirror .cache/peers/build
	@cd .cache/peers/build && npm ci --silent && npx --no-install esbuild peer.js --bundle --minify --outfile=../prosemirror.js
	@rm -rf .cache/peers/build

.cache/peers/soundings/ready: bench/peers/soundings/requirements.txt
	@mkdir -p .cache/peers && $(PYTHON) -m venv .cache/peers/soundings
	@.cache/peers/soundings/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r $<
	@touch $@

kills: $(VENV)/ready  ## hundreds of sudden ends of venue and desk
	@$(BIN)/python -m pytest tests/faults --kills 300 $(ARGS)

# Processes that mostly wait; begun again, it goes on with what was gathered.
indistinguishable: $(VENV)/ready  ## can who holds the venue, or the other delegation, tell marks? real desks, a quarter of an hour
	@$(BIN)/python -m tests.indistinguishable $(ARGS)

mutation: $(VENV)/ready  ## mutants of register and talks; the score stands in docs/assurance.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutation.txt
	@$(BIN)/mutmut run --max-children 2 $(ARGS)
	@$(BIN)/mutmut results --all true | awk '{print $$2}' | sort | uniq -c

mutants-of-mission: $(VENV)/ready  ## each rule of the mission disabled by one line: does its scenario notice?
	@$(BIN)/python tests/scenarios/mutants.py $(ARGS)

vectors: $(VENV)/ready  ## make the test vectors again; a difference in git is a change of format
	@for script in spec/vectors/make_*.py; do PYTHONPATH=. $(BIN)/python $$script || exit 1; done

picture: $(VENV)/ready  ## record the demo as docs/demo.svg
	@$(BIN)/python docs/make_picture.py

screens: $(VENV)/ready  ## take a picture of every screen: docs/screens
	@$(BIN)/python docs/make_screens.py $(ARGS)

catalogues: $(VENV)/ready  ## take what the source says into the catalogues of the interface, and compile them
	@$(BIN)/python -m good_offices.locale.catalogues make
	@$(BIN)/python -m good_offices.locale.catalogues glossary > docs/glossary.md

lock:                ## resolve again (needs uv); commit the result
	uv lock
	uv export --quiet --no-header --no-emit-project --group dev --format requirements-txt -o requirements/dev.txt
	uv export --quiet --no-header --no-emit-project --no-dev --format requirements-txt -o requirements/run.txt
	uv export --quiet --no-header --no-emit-project --group dev --group mutation --format requirements-txt -o requirements/mutation.txt

clean:               ## remove the environment and all caches
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants

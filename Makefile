# The house in short commands. Needs python3 (3.11 or newer), git and make; everything else goes into $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test chaos check screenshot

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 - /p' Makefile

run: $(VENV)/installed  ## run the bot and its local chat; the first time installs it
	@$(BIN)/sunbae

test: $(VENV)/installed-for-tests  ## run the tests; ARGS="tests/content -k alias" for some of them
	@$(BIN)/pytest $(ARGS)

chaos: $(VENV)/installed-for-tests  ## kill, stop and starve the daily delivery's processes, on SQLite and PostgreSQL
	@$(BIN)/pytest -m chaos $(ARGS)

check: $(VENV)/installed-for-tests  ## check format, lint, types and who imports whom
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screenshot: $(VENV)/installed-for-tests  ## take the picture in the README again, from the running page
	@$(BIN)/python -m docs.screenshot

# The stamps: what is installed, as of these two files.
$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing Sunbae into $(VENV); this takes a minute or two, only now."
	@$(PIP) install --constraint constraints.txt --editable '.[semantic]'
	@$(BIN)/sunbae ask --batch - --json </dev/null || true # asks nothing, but indexes the notes: a first start finds them
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing Sunbae and its test tools into $(VENV); this takes a minute or two, only now."
	@$(PIP) install --constraint constraints.txt --editable '.[semantic,test]'
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Sunbae needs Python 3.11 or newer, and '$(PYTHON)' is none. Name another: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) with $$($(PYTHON) --version)."
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# Every target works from any folder (make -C), as root or not, with Python 3.11 to 3.14 and its venv module.
PORT ?= 8000
VENV := .venv/bin
PYTHON := $(shell command -v python3 || for v in 13 12 11 14; do command -v python3.$$v && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types format bench lock

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: ## Make .venv from requirements.lock (every other target does it first)
	@if [ -z "$(PYTHON)" ]; then \
	  echo "This machine still needs Python 3.11 to 3.14. On Debian or Ubuntu:" >&2; \
	  echo "  apt-get update && apt-get install -y python3 python3-venv" >&2; exit 1; fi
	@"$(PYTHON)" contact/run/bootstrap.py $(BOOTSTRAP)

run: setup ## Start the demonstration with a database of its own (PORT=8000)
	@CONTACT_MODE=demo PORT=$(PORT) exec $(VENV)/contact run

test: BOOTSTRAP = --browser
test: setup ## Check style, types and imports, then run every test (ONLY=web for one part)
	@exec $(VENV)/python -m contact.run.proof $(if $(ONLY),--only $(ONLY))

lint: setup ## Check style, types and import contracts only
	@exec $(VENV)/python -m contact.run.proof --only lint

format: setup ## Put the code into its form
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .

bench: setup ## Measure how fast we are on this machine
	@exec $(VENV)/contact bench

lock: setup ## Choose the versions anew and write requirements.lock
	@$(VENV)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --only-binary :all: --upgrade --extra test --quiet pyproject.toml -o requirements.lock

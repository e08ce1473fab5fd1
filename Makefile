# Segue's tasks. A fresh machine needs make and Python 3.11 or newer; .venv is made from the locked dependencies.
.NOTPARALLEL:
.PHONY: help demo test lint style types layers check bench simulate docs format lock clean

BIN := .venv/bin
export PYTHON

help: ## List the tasks
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1|/' | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

demo: .venv/ready ## Take a shop's orders from placed to delivered; DATA=folder for a shop of your own
	@$(BIN)/segue demo $(if $(DATA),--data $(DATA))

test: .venv/ready ## Run the tests, with branch coverage of the core and the policies; ARGS=... goes to pytest
	@$(BIN)/pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term $(ARGS)

lint: style types layers ## Check style and format, types, and layers; each also alone: make style

style: .venv/ready
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "The files above are not formatted: make format"; exit 1; }
	@echo "Style and format are in order."

types: .venv/ready
	@$(BIN)/mypy --strict --no-error-summary
	@echo "Types are in order."

layers: .venv/ready
	@report=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$report"; exit 1; }
	@echo "Layers are in order."

check: lint test ## Do everything that CI does

bench: .venv/ready ## Measure the figures that the README gives
	@$(BIN)/segue bench

simulate: .venv/ready ## Run 201 made-up shops in which everything goes wrong; ARGS=... goes to segue simulate
	@$(BIN)/segue simulate --seeds 0..200 --orders 200 $(ARGS)

docs: .venv/ready ## Write the generated documentation again
	@$(BIN)/python -m docs.generate

format: .venv/ready ## Format the code and sort its imports
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

lock: .venv/ready ## Lock the newest versions that pyproject.toml allows
	@$(BIN)/uv lock --upgrade --quiet --default-index https://pypi.org/simple
	@$(BIN)/uv export --quiet --locked --only-group bootstrap --no-header --output-file .ci/bootstrap.txt >/dev/null

clean: ## Remove whatever these tasks have made
	@rm -rf .venv .coverage .coverage.* htmlcov dist build *.egg-info
	@rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: uv.lock pyproject.toml .ci/bootstrap.txt .ci/setup
	@.ci/setup

# The project's commands: setup, run, test, check, format.
.PHONY: setup run test check format

PY := .venv/bin
PYTEST := -n 2 --dist loadgroup
CODE := manage.py cixi_xiezuo units procurement assessment tests scripts

# A ready .venv/ and static/vendor/; nothing is left running.
setup: .venv/.ready static/vendor/.ready

.venv/.ready: requirements.txt requirements-dev.txt
	scripts/venv.sh

static/vendor/.ready: package-lock.json static/icons.txt scripts/assets.py | .venv/.ready
	$(PY)/python scripts/assets.py

# From a clean clone to a running site on http://127.0.0.1:$${PORT:-8000}; Ctrl-C stops all of it.
run: setup
	@exec $(PY)/python scripts/run.py

# Everything on SQLite, then what depends on the database again on a real PostgreSQL.
test: setup
	$(PY)/python -m pytest $(PYTEST)
	$(PY)/python -m tests.services $(PY)/python -m pytest $(PYTEST) -m "not browser and not nodb"

check: setup
	$(PY)/ruff check $(CODE)
	$(PY)/ruff format --check $(CODE)
	$(PY)/mypy $(CODE)
	$(PY)/lint-imports
	$(PY)/djlint templates --lint --quiet
	$(PY)/python manage.py check --fail-level WARNING
	$(PY)/python manage.py makemigrations --check --dry-run

format: setup
	$(PY)/ruff check --fix $(CODE)
	$(PY)/ruff format $(CODE)

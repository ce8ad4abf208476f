# The project's commands: setup, run, test, test-all, check, format, docs, pictures, sights, bench, drill, bundle, mutants.
.PHONY: setup run test test-all check format docs pictures sights bench drill mutants bundle

PY := .venv/bin
# Where the machine says otherwise too: hundreds of processes start in a run, and each would compile the product anew
export PYTHONDONTWRITEBYTECODE =
# pytest-xdist: a module stays with one process, which makes its city or starts its Celery worker once
PYTEST := -n 2 --dist loadscope --no-loadscope-reorder
CODE := manage.py cixi_xiezuo units procurement assessment initiatives tests scripts benchmarks

# A ready .venv/ and static/vendor/; nothing is left running.
setup: .venv/.ready static/vendor/.ready

.venv/.ready: requirements.txt requirements-dev.txt
	scripts/venv.sh

static/vendor/.ready: package-lock.json static/icons.txt scripts/assets.py | .venv/.ready
	$(PY)/python scripts/assets.py

# From a clean clone to a running site on http://127.0.0.1:$${PORT:-8000}; Ctrl-C stops all of it.
run: setup
	@exec $(PY)/python scripts/run.py

# Every test on SQLite, then what depends on the database again on a real PostgreSQL. Large tests run a fixed part of
# what they can, in which every kind occurs, and the end of each run says which (tests/amount.py).
test: setup
	$(PY)/python -m pytest $(PYTEST)
	$(PY)/python -m tests.services $(PY)/python -m pytest $(PYTEST) -m "not browser and not nodb"

# The same with nothing left out: every hostile file, every random year, 100 kills on each database, two nodes (as
# root), LibreOffice. An hour and more.
test-all: export FULL = 1
test-all: test

check: setup
	$(PY)/ruff check $(CODE)
	$(PY)/ruff format --check $(CODE)
	$(PY)/mypy $(CODE)
	$(PY)/lint-imports
	$(PY)/bandit -c pyproject.toml -q -ll -r cixi_xiezuo units procurement assessment initiatives scripts manage.py
	$(PY)/djlint templates --lint --quiet
	$(PY)/python manage.py check --fail-level WARNING
	$(PY)/python manage.py makemigrations --check --dry-run

format: setup
	$(PY)/ruff check --fix $(CODE)
	$(PY)/ruff format $(CODE)

# The page of the rules from the policies of fixtures/; a test fails where it is behind.
docs: setup
	$(PY)/python -m scripts.rules_page

# The pictures of docs/guide, drawn by the days that the browser tests live.
pictures: setup
	PICTURES=1 $(PY)/python -m pytest -q tests/browser/test_days.py

# Every page opened by whoever may, with a picture of each at both sizes in var/sights, to be looked at.
sights: export FULL = 1
sights: setup
	PICTURES=1 $(PY)/python -m pytest -q tests/browser/test_accessible.py

# Speed as ratios against a named baseline in the same run, at the end all in one table; SIZES="10000 100000" for a shorter one.
bench: export BENCH_RATIOS = var/bench-ratios
bench: setup
	@mkdir -p var && rm -f $(BENCH_RATIOS)
	$(PY)/python -m benchmarks.standings $(SIZES)
	$(PY)/python -m benchmarks.verbs
	$(PY)/python -m benchmarks.imports
	$(PY)/python -m benchmarks.pages $(SIZES)
	$(PY)/python -m tests.services $(PY)/python -m benchmarks.verbs
	$(PY)/python -m benchmarks.scale $(SIZES)
	@$(PY)/python -m benchmarks.ratios

# One archive of code, assets and wheels that installs without a network; MACHINES="x86_64 aarch64" for both.
bundle: setup
	$(PY)/python scripts/bundle.py

# Kill web, worker, broker and database 100 times on each database while people work, nothing told may be lost; then two
# nodes over one database, each in a network namespace of its own (as root).
drill: setup
	KILLS=100 NODES=1 $(PY)/python -m pytest -s tests/resilience/test_kill.py tests/resilience/test_two_nodes.py

# Change the rules and the sums in every small way: the tests must notice. docs/mutants.md says what is left.
mutants: setup
	$(PY)/python -m pip install --quiet --disable-pip-version-check -r requirements-mutation.txt
	rm -rf mutants
	$(PY)/mutmut run --max-children 2 | tail -1
	$(PY)/mutmut results

# Homeward from the command line. `make` alone lists what there is.
# Programs go to .venv, built files to staticfiles, data to var; nothing else is written.

PORT ?= 8000
export PORT
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
REAL_YEAR = HOMEWARD_DATA="$(or $(HOMEWARD_DATA),var)/real-year"
STATIC := $(shell find static -type f 2>/dev/null)
SOURCES := config feedback refunds inspection returns signoff tests manage.py
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: .venv/.installed staticfiles/staticfiles.json ## Start the product with a demo shop (PORT=8000)
	@DEMO=1 exec $(PY) manage.py run

.PHONY: run
run: .venv/.installed staticfiles/staticfiles.json ## Start the product without demo data
	@exec $(PY) manage.py run

.PHONY: reset
reset: .venv/.installed ## Delete all data of the demo (database, pictures, mail, keys)
	@$(PY) manage.py database forget
	@echo "Deleted. The next start begins with an empty database."

.PHONY: test
test: .venv/.installed-dev staticfiles/staticfiles.json ## Check everything: linters, migrations, deployment, tests, browser
	@sh .ci/machine
	@.ci/test

.PHONY: check
check: .venv/.installed-dev ## The quick part of it: linters, the quick tests without browser and proofs (minutes)
	@.ci/check

.PHONY: coverage
coverage: .venv/.installed-dev staticfiles/staticfiles.json ## Which files the tests run through too little: those below 80 %
	@sh .ci/machine
	@.ci/coverage

.PHONY: proof
proof: .venv/.installed-dev ## Prove the promises at full length (half an hour to an hour); PAGE=docs/proof.md keeps the figures
	@sh .ci/machine
	@.ci/proof $(PAGE)

.PHONY: bench
bench: .venv/.installed-dev staticfiles/staticfiles.json ## Measure the speed; PAGE=docs/performance.md keeps the figures
	@sh .ci/machine
	@$(PY) -m tests.bench $(SECTIONS) $(if $(PAGE),--write $(PAGE))

.PHONY: lint
lint: .venv/.installed-dev ## Only the linters
	@.ci/lint

.PHONY: types
types: .venv/.installed-dev ## Only the types
	@$(PY) -m mypy

.PHONY: format
format: .venv/.installed-dev ## Put code and templates in shape
	@$(PY) -m ruff check --fix --quiet $(SOURCES) || true
	@$(PY) -m ruff format --quiet $(SOURCES)
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 6.1 {} + >/dev/null 2>&1 || true

.PHONY: messages
messages: .venv/.installed ## Collect the texts to translate (needs gettext)
	@command -v xgettext >/dev/null || { echo "This needs gettext. On Debian: apt-get install gettext" >&2; exit 1; }
	@$(PY) manage.py makemessages -l zh_Hans -l zh_Hant --no-obsolete --no-wrap --add-location file -i .venv -i var -i tests
	@$(PY) manage.py check_catalogues

.PHONY: lock
lock: .venv/.installed-dev ## Pin the newest versions that requirements*.in allow
	@$(PIP) install uv
	@for part in requirements requirements-sms requirements-dev requirements-s3; do \
		$(PY) -m uv pip compile --quiet --universal --upgrade --python-version 3.12 --no-header $$part.in -o $$part.txt || exit 1; \
	done

.PHONY: real-year
real-year: .venv/.installed ## Play a real year of orders and returns: FILE=…/online_retail.csv.gz RETURNS=…
	@test -n "$(FILE)" || { echo "Say which file: make real-year FILE=../shared/data/orders/online_retail/…" >&2; exit 1; }
	@$(REAL_YEAR) $(PY) manage.py database forget
	@$(REAL_YEAR) $(PY) manage.py migrate --verbosity 0
	@$(REAL_YEAR) $(PY) manage.py real_year "$(FILE)" $(if $(RETURNS),--returns "$(RETURNS)") $(if $(FACTS),--facts "$(FACTS)"); code=$$?; $(REAL_YEAR) $(PY) manage.py database stop; exit $$code

# Prerequisites of the targets. A stamp older than its list of packages means: install again.

.PHONY: python
python:
	@sh .ci/venv

.venv/.installed: requirements.txt | python
	@echo "Installing what the product needs (a minute or two, the first time only) …"
	@$(PIP) install -r requirements.txt
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Installing what the tests need …"
	@$(PIP) install -r requirements-dev.txt
	@touch $@

staticfiles/staticfiles.json: .venv/.installed $(STATIC)
	@echo "Collecting style sheets, scripts and drawings …"
	@$(PY) manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

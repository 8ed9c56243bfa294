# The commands of the house; `make` alone lists them.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# A copy of the Go vulnerability database, for where the network's cannot be
# reached: by convention in a checkout named "shared" beside this one.
VULNDB ?= ../shared/security/vulndb.tgz

# How long each fuzz target runs, and further flags for go test.
FUZZTIME ?= 10s
TESTFLAGS ?=

LINT = go tool -modfile=tools/go.mod golangci-lint
TEMPL = go tool templ

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Start the demo, with people that do not exist, and print its address
	go run . demo

.PHONY: test
test: e2e-setup postgres-setup ## Run every test, with those in a browser and on PostgreSQL
	go test $(TESTFLAGS) ./...

.PHONY: check
check: check-generated check-templates check-modules ## What a change must pass beside the tests: format, lint, generated code, modules
	$(LINT) fmt --diff
	$(LINT) run
	go vet ./...

.PHONY: check-generated
check-generated: # the committed *_templ.go are what templ makes of the *.templ
	@before=$$(mktemp); trap 'rm -f "$$before"' EXIT; \
	sums() { find . -name '*_templ.go' -not -path './e2e/node_modules/*' -exec cksum {} + | sort -k 3; }; \
	sums >"$$before"; $(TEMPL) generate -log-level error; \
	if ! sums | diff "$$before" - ; then echo 'check: generated code was not current; it is now, commit it' >&2; exit 1; fi

.PHONY: check-templates
check-templates: # golangci-lint does not see templates
	@if grep -nE 'templ\.(Raw|SafeURL|SafeCSS|ComponentScript|JSUnsafeFuncCall|JSExpression)|^(script|css) |[[:space:]](style|on[a-z]+|hx-on[^=]*)=|<script([[:space:]]+[a-z]+(="[^"]*")?)*>[^<]|javascript:' \
		$$(find . -name '*.templ' -not -path './e2e/node_modules/*') /dev/null; then \
		echo 'check: a template goes round the content security policy or the escaping' >&2; exit 1; fi

.PHONY: check-modules
check-modules: # go.mod and go.sum name what is needed and nothing else
	go mod tidy -diff
	cd tools && go mod tidy -diff
	go mod verify

.PHONY: generate
generate: ## Make Go of the templates, and format both
	$(TEMPL) fmt .
	$(TEMPL) generate
	$(LINT) fmt

.PHONY: build
build: ## Build the program as it is released: bin/roster
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/roster .

.PHONY: bench
bench: ## Measure, on one core
	go test -run '^$$' -bench . -benchmem -cpu 1 ./...

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (10s)
	@grep -rlE '^func Fuzz' --include='*_test.go' --exclude-dir=node_modules . | xargs -r -n 1 dirname | sort -u | while read -r package; do \
		for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz'); do \
			echo "fuzz: $$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
		done || exit 1; \
	done

.PHONY: vuln
vuln: ## Look for known vulnerabilities in what is called
	@tools/vuln/check '$(VULNDB)'

.PHONY: e2e-setup
e2e-setup: ## Install what the browser tests need and is not there
	@go run ./e2e/setup

.PHONY: postgres-setup
postgres-setup: ## Install the PostgreSQL that tests start, if there is none
	@go run ./store/postgrestest/setup

.PHONY: screenshots
screenshots: e2e-setup ## Make the README's pictures anew
	go run ./e2e/screenshots

.PHONY: vendor-assets
vendor-assets: ## Fetch htmx, the icons and the font anew, in the pinned versions
	go run ./static/vendorassets

.PHONY: tools
tools: # builds the linter, which takes minutes the first time
	@$(LINT) version

.PHONY: docker
docker: ## Build the container image
	docker build --build-arg VERSION='$(VERSION)' -t roster:'$(VERSION)' .

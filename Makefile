# Brickboard. `make help` lists the targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help

TOOL := go tool -modfile=tools/go.mod
# The race detector needs a C compiler.
RACE := $(shell command -v gcc clang >/dev/null 2>&1 && echo -race)
# Each of these has its share of lines covered, with all below it, and so has the page.
ROOMS := domain projections readmodel transport

.PHONY: help run build test lint generate bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build everything and serve a demo dashboard on 127.0.0.1:8080
	@bin/brickboard serve --demo

build: transport/webui/dist/index.html ## build bin/brickboard, with the web page in it
	go build -trimpath -o bin/brickboard ./cmd/brickboard

test: build ## run all tests, count them, and judge how many lines they cover
	@mkdir -p bin && rm -rf bin/go-report.jsonl bin/*-report.json bin/coverage.out bin/web-coverage
	@set -o pipefail; failed=; packages=$$(printf ',./%s/...' $(ROOMS)); \
	web/scripts/chromium.sh > /dev/null 2>&1 & \
	$(TOOL) gotestsum --format=pkgname-and-test-fails --format-hide-empty-pkg --jsonfile-timing-events=bin/go-report.jsonl \
		-- $(RACE) -timeout=10m -covermode=atomic -coverpkg=$${packages:1} -coverprofile=bin/coverage.out ./... \
		| sed 's/ (coverage: [^)]*)//' || failed+=' go'; \
	for script in typecheck test e2e; do npm --prefix web run --silent $$script || failed+=" $$script"; done; \
	go run ./internal/coverage -least 85 -go bin/coverage.out -web bin/web-coverage/coverage-summary.json $(ROOMS) || failed+=' coverage'; \
	echo "$${failed:+failed:$$failed}"; \
	node web/scripts/count-tests.mjs | tee bin/test-counts; test -z "$$failed"

lint: ## check formatting, mistakes, known vulnerabilities and drift of generated code
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'not formatted: run gofmt -w'; exit 1; }
	go vet ./...
	$(TOOL) staticcheck ./...
	$(TOOL) sqlc -f queries/sqlc.yaml diff
	@mkdir -p bin
	$(TOOL) oapi-codegen -config transport/rest/oapi-codegen.yaml -o bin/api.gen transport/rest/openapi.yaml
	diff bin/api.gen transport/rest/api.gen.go
	go mod tidy -diff
	@if $(TOOL) govulncheck ./... > bin/govulncheck 2>&1; then tail -n 1 bin/govulncheck; \
	elif grep -q 'Vulnerability #' bin/govulncheck; then cat bin/govulncheck; exit 1; \
	else echo 'govulncheck cannot reach its data: not checked'; tail -n 1 bin/govulncheck; fi

generate: ## make the generated code anew
	$(TOOL) sqlc -f queries/sqlc.yaml generate
	$(TOOL) oapi-codegen -config transport/rest/oapi-codegen.yaml -o transport/rest/api.gen.go transport/rest/openapi.yaml
	go run ./internal/generated

bench: build ## measure speed, as ratios to floors measured in the same run; also to bin/bench.json
	@web/scripts/chromium.sh
	go run ./internal/bench -json bin/bench.json

clean: ## remove what was built; the data in .brickboard stays
	rm -rf bin node_modules web/.features-gen

# The page: built anew when one of its sources changed.
transport/webui/dist/index.html: node_modules/.package-lock.json web/index.html web/vite.config.ts $(shell find web/src web/public web/packages/*/src web/scripts -type f)
	npm --prefix web run --silent build
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json web/package.json $(wildcard web/packages/*/package.json)
	npm ci --no-audit --no-fund
	@touch $@

# Brickboard. `make help` lists the targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help

TOOL := go tool -modfile=tools/go.mod
# The race detector needs a C compiler.
RACE := $(shell command -v gcc clang >/dev/null 2>&1 && echo -race)

.PHONY: help run build test lint generate bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build everything and serve a demo dashboard on 127.0.0.1:8080
	@bin/brickboard serve --demo

build: node_modules/.package-lock.json ## build bin/brickboard
	go build -trimpath -o bin/brickboard ./cmd/brickboard

test: build ## run all tests and count them
	@mkdir -p bin
	$(TOOL) gotestsum --format=pkgname-and-test-fails --format-hide-empty-pkg \
		--post-run-command='sh -c "echo \"$$((TESTS_TOTAL - TESTS_FAILED - TESTS_SKIPPED)) passed, $$TESTS_FAILED failed\" | tee bin/test-counts"' \
		-- $(RACE) -timeout=10m ./...

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

bench: build ## measure speed, as ratios to floors measured in the same run
	go run ./internal/bench

clean: ## remove what was built; the data in .brickboard stays
	rm -rf bin node_modules

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

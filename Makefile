# Settings, as in "make fuzz FUZZTIME=1m": FUZZTIME, BENCHTIME, BENCH, TIMEOUT.
# HOMEWARD_TEST_MONGODB, HOMEWARD_TEST_SMTP, CHROMIUM, PDFTOTEXT, RECODE_SR_LATIN and HOMEWARD_CAP_XSD switch on the tests that need them.

TIMEOUT ?= 45m
BENCHTIME ?= 1s
BENCH ?= .

# fasthttp above this version has a dependency that the module proxies refuse.
FASTHTTP := v1.73.0

# What is delivered has no C in it, so that is what is built and looked at.
STATIC := CGO_ENABLED=0

.PHONY: build run test lint fuzz bench faults

build:
	$(STATIC) go build -trimpath -buildvcs=auto -ldflags '-s -w' -o bin/homeward ./cmd/homeward

run:
	go run ./cmd/homeward demo

# The import rules, the route matrix and the like are Go tests and run here too.
test: build lint
	go test -race -shuffle=on -vet=off -timeout $(TIMEOUT) ./...
	.ci/fuzz $(or $(FUZZTIME),5s)
	@[ -n "$$HOMEWARD_TEST_MONGODB" ] || echo 'left out: tests against MongoDB; HOMEWARD_TEST_MONGODB=$$(.ci/mongodb start) make test'
	@[ -n "$$HOMEWARD_TEST_SMTP" ] || echo 'left out: e-mail through a real server; HOMEWARD_TEST_SMTP=$$(.ci/smtp start) make test'
	@[ -n "$$CHROMIUM" ] || echo 'left out: tests in a browser; CHROMIUM=/usr/bin/chromium make test'
	@[ -n "$$RECODE_SR_LATIN" ] || echo 'left out: comparing the change of scripts with gettext; RECODE_SR_LATIN=/usr/bin/recode-sr-latin make test'
	@[ -n "$$PDFTOTEXT" ] || echo 'left out: reading back what was printed; PDFTOTEXT=/usr/bin/pdftotext make test'
	@[ -n "$$HOMEWARD_CAP_XSD" ] || echo 'left out: CAP messages against the schema; HOMEWARD_CAP_XSD=/path/to/CAP-v1.2.xsd make test'

lint:
	@unformatted=$$(gofmt -l .) && [ -z "$$unformatted" ] || { echo "not formatted by gofmt:"; echo "$$unformatted"; exit 1; }
	@found=$$(go list -m -f '{{with .Replace}}{{.Path}} {{end}}{{.Version}}' github.com/valyala/fasthttp) && \
		[ "$$found" = $(FASTHTTP) ] || { echo "fasthttp must stay at $(FASTHTTP), go.mod has $$found"; exit 1; }
	$(STATIC) go vet ./...
	$(STATIC) go tool staticcheck ./...

fuzz:
	.ci/fuzz $(or $(FUZZTIME),10s)

# Packages one after another, so that they do not disturb each other's times.
bench:
	@packages=$$(find . -name '*_test.go' -not -path './node_modules/*' -exec grep -l '^func Benchmark' {} + | xargs -r dirname | sort -u); \
	[ -z "$$packages" ] || go test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -p 1 -timeout 60m $$packages

# Kills, full disks and lost connections at full length; "make test" runs them short.
faults:
	HOMEWARD_FAULTS=full go test -run Fault -count=1 -timeout 60m ./...

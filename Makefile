# `make run` and `make test` are all that a fresh machine with Swift and apt needs.

SYSTEM_PACKAGES := libsqlite3-dev libssl-dev pkg-config
TEST_PACKAGES := python3 python3-venv

.PHONY: run test lint bench toolchain system-packages test-packages

run: system-packages ## build a release and serve on 0.0.0.0:5000
	swift build -c release --product AuthServer
	exec "$$(swift build -c release --show-bin-path)/AuthServer"

test: system-packages test-packages ## every test
	swift build --build-tests
	Tests/Interoperability/run
	swift test --skip-build

lint: toolchain test-packages ## format, import rules, examples of the guide; changes nothing
	swift format lint --strict --recursive Package.swift Sources Tests
	.ci/imports
	.ci/examples

bench:
	@echo "there are no benchmarks yet"

toolchain:
	@command -v swift >/dev/null || { echo "Swift 6.2 or later is missing: https://www.swift.org/install/linux"; exit 1; }

system-packages: toolchain
	@command -v pkg-config >/dev/null && pkg-config --exists sqlite3 libcrypto || .ci/install $(SYSTEM_PACKAGES)

test-packages:
	@python3 -c 'import ensurepip, venv' 2>/dev/null || .ci/install $(TEST_PACKAGES)

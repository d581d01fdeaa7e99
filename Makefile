# `make run` and `make test` are all that a fresh machine with Swift and apt needs.

SYSTEM_PACKAGES := libsqlite3-dev libssl-dev libutf8proc-dev libyaml-dev pkg-config zlib1g-dev
TEST_PACKAGES := jq libpq-dev postgresql python3 python3-venv sqlite3
DEB_PACKAGES := debhelper dpkg-dev libpq-dev python3
BENCH_PACKAGES := curl john libcrypt-dev libpq-dev nginx strace wrk

# With the Swift runtime inside, where the toolchain has it to link: a tenth faster, and runs on machines without Swift.
STATIC := $(shell test -d "$$(dirname "$$(readlink -f "$$(command -v swift)")")/../lib/swift_static" && echo --static-swift-stdlib)
# Functions with the same code become one, and no symbol is exported, because nothing is loaded into the program: a tenth less.
SMALLER := $(shell command -v ld.gold >/dev/null && echo -Xlinker --icf=safe -Xlinker --no-export-dynamic)
RELEASE := swift build -c release $(STATIC) $(SMALLER)
# What packages, tests and benchmarks have, and a plain build has not.
TRAITS := --traits Postgres

# Not those of the environment.
ARGS :=

.PHONY: run deb docs test sanitize fuzz lint bench bench-postgres bench-peers toolchain system-packages deb-packages test-packages bench-packages

run: system-packages ## build a release and serve on 0.0.0.0:5000; ARGS="…" are options of AuthServer
	$(RELEASE) --product AuthServer
	exec "$$(swift build -c release --show-bin-path)/AuthServer" $(ARGS)

deb: system-packages deb-packages ## a Debian package of a release, in .build/deb
	$(RELEASE) $(TRAITS) --product AuthServer
	Packaging/deb "$$(swift build -c release --show-bin-path)/AuthServer" .build/deb

# Of swift build.
TEST_OPTIONS ?=
test: system-packages test-packages ## every test
	swift build --build-tests $(TRAITS) $(TEST_OPTIONS)
	Tests/Interoperability/run
	Tests/run $(TRAITS)

# Optimised, as it is delivered. XCTest, which has none of the tests, would be reported for leaks of its own.
CORE_TESTS := AUTH_ONLY_CORE=1 swift test -c release -Xswiftc -enable-testing --disable-xctest

sanitize: system-packages ## the tests of AuthCore under AddressSanitizer and ThreadSanitizer
	$(CORE_TESTS) --sanitize address --scratch-path .build-address
	$(CORE_TESTS) --sanitize thread --scratch-path .build-thread -Xswiftc -DFEW_TRIALS --skip '$(ONE_THREAD)'

# Computations of one thread, in which ThreadSanitizer finds nothing and takes ten times as long.
ONE_THREAD := BcryptCalibrationTests|BcryptVectorTests|BcryptLanesTests|ImportTests|LibxcryptTests

# Only with what the toolchain has, so that no dependant fetches a plugin.
docs: system-packages test-packages ## the reference of the library products, as an archive for DocC in .build/docs; fails on a warning
	swift package $(TRAITS) dump-symbol-graph --minimum-access-level public --skip-synthesized-members
	rm -rf .build/docs
	mkdir -p .build/docs/symbols
	cp "$$(swift build --show-bin-path)/../symbolgraph/"Auth*.symbols.json .build/docs/symbols
	"$$(dirname "$$(readlink -f "$$(command -v swift)")")/docc" convert --additional-symbol-graph-dir .build/docs/symbols \
	  --fallback-display-name swift-auth --fallback-bundle-identifier swift-auth --warnings-as-errors \
	  --output-path .build/docs/swift-auth.doccarchive

FUZZ_SECONDS := 3600
fuzz: system-packages test-packages ## each parser of foreign bytes for FUZZ_SECONDS; a comparison with Python's
	swift build -c release --package-path Fuzz --product Fuzz
	FUZZ_SECONDS=$(FUZZ_SECONDS) Fuzz/run $(FUZZ_TARGETS)

lint: toolchain test-packages ## format, import rules, prose, examples of the guide, suites that Security.md names; changes nothing
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources \
	  Examples/Package.swift Examples/Sources Examples/Tests Fuzz/Package.swift Fuzz/Sources/Fuzz
	.ci/imports
	.ci/examples
	.ci/standards
	.ci/prose

# In the scratch folder of the server, so that what both need is built once. SwiftPM's cache of what to build knows one package for
# each folder.
BENCHMARKS := $(RELEASE) --package-path Benchmarks --scratch-path .build --disable-build-manifest-caching
PROGRAMS = $$(swift build -c release --show-bin-path)
bench: system-packages bench-packages test-packages ## hashing and the service against others, throttles; tables, and the same as JSON in Benchmarks
	$(RELEASE) $(TRAITS) --product AuthServer
	$(BENCHMARKS)
	"$(PROGRAMS)/ThrottleSimulation" --json Benchmarks/throttling.json $(BENCH_OPTIONS)
	"$(PROGRAMS)/HashingBenchmark" --server "$(PROGRAMS)/AuthServer" --json Benchmarks/hashing.json $(BENCH_OPTIONS)
	"$(PROGRAMS)/ServiceBenchmark" --server "$(PROGRAMS)/AuthServer" --bare "$(PROGRAMS)/BareServer" \
	  --json Benchmarks/service.json $(BENCH_OPTIONS)

bench-postgres: system-packages bench-packages test-packages ## AuthPostgres against pgbench on a million users; also in Benchmarks/postgres.json
	$(BENCHMARKS) --product PostgresBenchmark
	"$(PROGRAMS)/PostgresBenchmark" --json Benchmarks/postgres.json $(BENCH_OPTIONS)

PEERS = Benchmarks/.build/peers
bench-peers: system-packages bench-packages $(PEERS)/installed ## the service against PocketBase and Flask; also in Benchmarks/peers.json
	$(RELEASE) --product AuthServer
	$(BENCHMARKS) --product PeerBenchmark
	"$(PROGRAMS)/PeerBenchmark" --server "$(PROGRAMS)/AuthServer" \
	  --pocketbase $(PEERS)/bin/pocketbase --python $(PEERS)/bin/python --flask Benchmarks/Peers/flask \
	  --json Benchmarks/peers.json $(BENCH_OPTIONS)

$(PEERS)/installed: Benchmarks/Peers/requirements.txt | test-packages
	python3 -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

toolchain:
	@command -v swift >/dev/null || { echo "Swift 6.2.3 or later is missing: https://www.swift.org/install/linux"; exit 1; }

system-packages: toolchain
	@command -v pkg-config >/dev/null && pkg-config --exists sqlite3 libcrypto libutf8proc yaml-0.1 zlib || .ci/install $(SYSTEM_PACKAGES)

deb-packages: toolchain
	@dpkg -s $(DEB_PACKAGES) >/dev/null 2>&1 || .ci/install $(DEB_PACKAGES)

# Without a start of the system's own nginx.
bench-packages: toolchain
	@dpkg -s $(BENCH_PACKAGES) >/dev/null 2>&1 || RUNLEVEL=1 .ci/install $(BENCH_PACKAGES)

test-packages:
	@python3 -c 'import ensurepip, venv' 2>/dev/null && dpkg -s $(TEST_PACKAGES) >/dev/null 2>&1 || .ci/install $(TEST_PACKAGES)

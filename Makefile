# Thin targets: each is one script or one cmake call. A newcomer needs git, make and Debian; `make run` does the rest.
.PHONY: build run test test-python-ecosystem bench bench-soak lint fuzz-smoke docs deps clean

build: deps
	@cmake --preset release
	@cmake --build build

run: build
	@tools/demo

test: build
	@tools/python_environments build/python
	@tools/test_servers build/tools
	@tools/python_wheel build
	@ctest --test-dir build --output-on-failure --parallel $(shell nproc 2>/dev/null || echo 2)

# copick-utils, copick-torch and dask.distributed on copick_native: downloads 4 GB once.
test-python-ecosystem: build
	@tools/python_environments build/python build ecosystem
	@tools/python_wheel build
	@python3 tests/python/parity.py --reference build/python/ecosystem/bin/python --module build/wheel/site tests/python/ecosystem/[dlw]*.py

# BENCH_OPTIONS="--shape 100,360,256 --rounds 3" makes it a matter of a minute.
bench: build
	@tools/python_environments build/python
	@build/bin/copick_bench
	@python3 -u bench/peers/run.py build build/python $(BENCH_OPTIONS)
	@tools/python_wheel build
	@python3 -u bench/python/run.py build
	@tools/test_servers build/tools
	@python3 -u bench/remote/run.py build build/python build/tools

# An hour of everything a session does, in one process; says whether memory or open files grew. SOAK_SECONDS=60 is in `make test`.
bench-soak: build
	@tools/python_environments build/python
	@tools/python_wheel build
	@PYTHONPATH=build/wheel/site build/python/copick1/bin/python tests/python/soak.py $(or $(SOAK_SECONDS),3600)

lint: build
	@tools/install_dependencies lint
	@tools/lint build

fuzz-smoke: deps
	@tools/install_dependencies lint
	@cmake --preset fuzz
	@cmake --build build-fuzz
	@tools/fuzz_smoke build-fuzz $(or $(SECONDS_EACH),60)

docs: build
	@ctest --test-dir build --output-on-failure --label-regex docs

deps:
	@tools/install_dependencies build

clean:
	rm -rf build build-*

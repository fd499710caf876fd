# `make help` lists what can be made. PRESET=release|dev|tsan picks the build; see CMakePresets.json.
PRESET ?= release
SHELL := /bin/bash
export PRESET FILTER ARGS ONE ALL TIME TARGET SEED ORDERS MINUTES FAULTS CLIENTS
PREFIX ?= build/toolkit

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z_-]*\):.*## .*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing (Debian packages)
	@scripts/setup

build: setup ## build everything
	@scripts/build

build-services: setup ## build the services only, into build/release/bin
	@scripts/build services

test: setup ## build and run every test; FILTER=regex picks test programs, ARGS go to ctest
	@scripts/test

fuzz: ## feed every reader of foreign bytes with libFuzzer; TIME=seconds for each (60), TARGET=name
	@scripts/setup --fuzz
	@scripts/fuzz

chaos: setup ## orders while everything is killed, cut and wiped; SEED= ORDERS= MINUTES= FAULTS= (tests/chaos/README.md)
	@scripts/chaos

crash-points: ## every program of the mall dies at every crash point while orders are under way (3 minutes); ARGS go to it (--help)
	@scripts/setup
	@PRESET=faults scripts/build mall_crash_points
	@build/faults/tests/mall_crash_points $(ARGS)

run: setup ## build and run the mall on http://localhost:8080 until Ctrl-C; ONE=1: as one process
	@scripts/run

stop: ## stop a mall that runs elsewhere (another terminal, the background)
	@scripts/run stop

restart: ## restart the running mall's services one after the other, unnoticed by who calls; SERVICES="baskets stores": these only
	@scripts/run restart $(SERVICES)

logs: ## follow the logs of the running mall
	@tail -n 5 -F $${MALL_DIR:-.mall}/log/*.log

reset: ## delete the data of the stopped mall
	@scripts/run reset

audit: ## whether the databases of the running mall add up (docs/auditing.md); ARGS go to mallctl audit
	@[[ -x build/release/bin/mallctl ]] || PRESET=release scripts/build mallctl
	@build/release/bin/mallctl audit $(ARGS)

ifneq ($(wildcard scripts/demo),)
demo: ## one shopper's whole journey against the running mall
	@scripts/demo
endif

bench: setup ## the mall's figures beside those of what it stands on (seven to ten minutes); RUNS=5, ARGS go to mall_bench (--help)
	@PRESET=release scripts/build mall_bench
	@build/release/tests/mall_bench --history build/bench-history.jsonl $(if $(RUNS),--runs $(RUNS)) $(ARGS)

mutations: setup ## turn each guarantee off and see that the tests notice (about ten minutes)
	@scripts/mutations $(ARGS)

lint: ## format, our own rules, clang-tidy on what differs from main (ALL=1: on all), every header alone
	@scripts/setup --lint
	@scripts/lint

lint-quick: ## format and our own rules only
	@scripts/setup --lint
	@scripts/lint --quick

format: ## write every file the way make lint wants it
	@scripts/setup --lint
	@scripts/lint --fix

install: setup ## the toolkit alone, into PREFIX (build/toolkit): libraries, headers, find_package(MallBots)
	@scripts/build toolkit
	@cmake --install build/$(PRESET) --component toolkit --prefix $(PREFIX) >build/$(PRESET)/install.log
	@echo "installed in $(PREFIX); CMAKE_PREFIX_PATH=$(abspath $(PREFIX)) lets find_package(MallBots) find it"

clean: ## delete what was built (not the mall's data)
	rm -rf build

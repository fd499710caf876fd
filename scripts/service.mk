# The commands of one service. Its Makefile is this one line:  include ../scripts/service.mk
SERVICE := $(notdir $(CURDIR))
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)
SHELL := /bin/bash
export PRESET ARGS

.DEFAULT_GOAL := help
.PHONY: help build test run

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make -C $(SERVICE) %-8s %s\n", $$1, $$2 }' $(ROOT)/scripts/service.mk

build: ## build the service into build/release/bin
	@$(ROOT)/scripts/setup
	@$(ROOT)/scripts/build $(SERVICE)

test: ## build and run the service's own tests; ARGS go to ctest
	@$(ROOT)/scripts/setup
	@FILTER='^$(SERVICE)_' TARGETS='$(SERVICE) $(SERVICE)_tests' $(ROOT)/scripts/test

run: build ## take the service out of the running mall and run it here, until Ctrl-C puts it back
	@$(ROOT)/scripts/run service $(SERVICE)

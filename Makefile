# What a person does with this repository. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench fuzz gallery setup page build contract sqlx format

# One folder for everything that is built, and one selection of packages, so that nothing is compiled twice.
export CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TERM_PROGRESS_WHEN ?= auto

help: ## Show this list.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

demo: ## Build and open Baton with a local Meta, a relay and a customer's phone. Ctrl-C ends all of it.
	@scripts/setup.sh && scripts/build.sh && exec "$$CARGO_TARGET_DIR/debug/baton-demo" $(ARGS)

test: ## Run every test, the journey through the real window included.
	@scripts/setup.sh && scripts/build.sh && scripts/test.sh

lint: ## Format, clippy, page checks, generated files, dependency arrows, words.
	@scripts/setup.sh && scripts/lint.sh

bench: ## Measure what is promised as a ratio, and write docs/performance.md. PARTS and ARGS: see scripts/bench.sh.
	@scripts/setup.sh && scripts/bench.sh $(PARTS) $(if $(ARGS),-- $(ARGS))

fuzz: ## Look for bodies that the reader of webhooks cannot stand, for FOR seconds (300).
	@scripts/setup.sh && scripts/fuzz.sh $${FOR:-300}

gallery: ## Take pictures of every kind that can stand in a thread, in both themes; into target/gallery.
	@scripts/setup.sh && scripts/gallery.sh

setup: ## Install what is missing: system packages, packages of the page.
	@scripts/setup.sh

page: ## Build the page that the window shows.
	@scripts/setup.sh && npm --prefix ui run --silent build

build: ## Build the page and every program.
	@scripts/setup.sh && scripts/build.sh

contract: ## Write ui/src/lib/contract.ts from crates/commands.
	@scripts/contract.sh

sqlx: ## Write the offline data of the checked queries.
	@scripts/setup.sh && scripts/sqlx.sh

format: ## Format everything.
	@cargo fmt --all && npm --prefix ui run --silent format

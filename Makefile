# Everything starts here; `make help` lists it. Each target first brings what the machine lacks (tools/bootstrap).
.DEFAULT_GOAL := help
.PHONY: help bootstrap build demo test bench lint docs

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

bootstrap: ## install what the machine lacks
	@tools/bootstrap

build: bootstrap ## build a release into .venv: .venv/bin/wardian and the Python package
	@tools/build release wardian_installed

demo: build ## import real flights and analyse them in KQL with Python in the middle
	@examples/flights/run

test: ## build, then run every test; the last line is "N passed, N failed"
	@tests/run

bench: build ## measure speed and memory beside their peers
	@tools/bootstrap spark chdb
	@.venv/bin/python bench/run.py

lint: bootstrap ## check the style of C++ and Python
	@tools/lint

docs: bootstrap ## write the reference into docs/functions and docs/operators, and the coverage report into docs/coverage
	@tools/build release reference_pages
	@.venv/bin/python tools/reference_pages/write_pages.py

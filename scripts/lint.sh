#!/usr/bin/env bash
# Every check that needs no running part. Each says what it looks at; the first that fails ends the run.
set -euo pipefail
source "$(dirname "$0")/say.sh"

say "Format of the workspace"
cargo fmt --all --check

say "Dependency arrows"
cargo metadata --format-version 1 --locked --no-deps | node scripts/arrows.mjs

say "Words and files that have one place only"
node scripts/places.mjs

say "The page: types, lint, format"
npm --prefix ui run --silent check
npm --prefix ui run --silent lint

say "Building the page, which the window embeds"
npm --prefix ui run --silent build -- --logLevel warn

say "Clippy, warnings are errors, and the offline data of the checked queries"
scripts/sqlx.sh --check

say "Generated types of the page, built with everything else"
scripts/contract.sh --check

say "Lint passed."

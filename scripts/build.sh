#!/usr/bin/env bash
# Builds the page, then every program and test of the workspace in one selection, so that shared dependencies are
# compiled once.
set -euo pipefail
source "$(dirname "$0")/say.sh"

say "Building the page"
npm --prefix ui run --silent build -- --logLevel warn
if [[ -d "$CARGO_TARGET_DIR/debug/.fingerprint" ]]; then
  say "Building the programs"
else
  say "Building the programs (about 8 minutes on two cores the first time)"
fi
cargo build --workspace --all-targets --quiet --locked
say "Built."

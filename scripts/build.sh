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
  say "Building the programs (about 10 minutes on two cores the first time)"
fi
# On a terminal cargo draws its own bar; elsewhere a line now and then says how far it is, and everything else that
# cargo has to say stays.
if [[ -t 2 ]]; then
  cargo build --workspace --all-targets --locked
else
  cargo build --workspace --all-targets --locked 2>&1 | awk '
    $1 == "Compiling" { if (++compiled % 50 == 0) { printf "          %d packages compiled, now %s\n", compiled, $2; fflush() } next }
    $1 ~ /^(Updating|Downloading|Downloaded|Finished|Locking|Adding|Blocking)$/ { next }
    { print; fflush() }' >&2
fi
say "Built."

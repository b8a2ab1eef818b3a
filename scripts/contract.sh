#!/usr/bin/env bash
# Writes the page's types from the command list. With --check it writes nothing and fails when they are stale.
set -euo pipefail
source "$(dirname "$0")/say.sh"

readonly FILE=ui/src/lib/contract.ts
# The same selection as in scripts/build.sh: with another one, dependencies are compiled once more with other features.
cargo build --workspace --all-targets --quiet --locked
made="$(mktemp)"
trap 'rm -f "$made"' EXIT
"$CARGO_TARGET_DIR/debug/baton-contract" >"$made"

if [[ "${1:-}" == --check ]]; then
  diff -u "$FILE" "$made" || stop "$FILE is stale: run \`make contract\` and commit what it wrote."
else
  cp "$made" "$FILE"
fi

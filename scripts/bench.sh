#!/usr/bin/env bash
# Measures what is promised as a ratio, each against a named reference in the same run, and writes docs/performance.md.
# Ends with 1 when a promise is missed.
set -euo pipefail
source "$(dirname "$0")/say.sh"

readonly OUT="$CARGO_TARGET_DIR/bench-output"
mkdir -p "$OUT"
rm -rf "$CARGO_TARGET_DIR"/criterion/webhook-*

say "Building the measurement of webhooks, optimised"
cargo bench -p baton-messenger --bench webhook --locked --no-run 2> "$OUT/build.txt" || { cat "$OUT/build.txt" >&2; exit 1; }

say "Measuring what checking and reading a webhook costs: about a minute on a quiet machine"
cargo bench -p baton-messenger --bench webhook --locked -- --quiet > "$OUT/webhook.txt" 2>&1 || { tail -40 "$OUT/webhook.txt" >&2; exit 1; }

node scripts/bench.mjs "$CARGO_TARGET_DIR/criterion" "$OUT/webhook.json" docs/performance.md

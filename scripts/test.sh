#!/usr/bin/env bash
# Runs every test: page, then workspace. The programs are built (scripts/build.sh). Ends with a line of how long they took
# and one line of counts.
set -euo pipefail
source "$(dirname "$0")/say.sh"

readonly OUT="$CARGO_TARGET_DIR/test-output"
mkdir -p "$OUT"
failed=0

say "Testing the page"
npm --prefix ui run --silent test -- --reporter=default --reporter=json --outputFile.json="$OUT/page.json" || failed=1

host="$(rustc -vV | sed -n 's/^host: //p')"
runner="CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$host")_RUNNER"
export "$runner=$PWD/scripts/test-runner.sh"
say "Testing the workspace, the journey through the real window included"
cargo test --workspace --all-targets --no-fail-fast --locked 2>&1 | tee "$OUT/workspace.txt" || failed=1

node scripts/count.mjs "$OUT/page.json" "$OUT/workspace.txt" || failed=1
exit "$failed"

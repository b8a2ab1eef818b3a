#!/usr/bin/env bash
# Measures what is promised as a ratio, each against a named reference in the same run, and writes docs/performance.md and a
# page with plots. Ends with 1 when a promise is missed or a part could not be measured; everything is written all the same.
#
#   scripts/bench.sh [part …] [-- options of baton-bench]
#
# Parts: webhook, ingest, search, reading, update, catch-up, window, board, sending, relay; all of them when none is named. Options, for example:
# `-- --messages 1000000 --threads 100000 --rounds 7`.
set -euo pipefail
source "$(dirname "$0")/say.sh"

readonly OUT="$CARGO_TARGET_DIR/bench-output"
readonly EVERY=(webhook ingest search reading update catch-up window board sending relay)
parts=()
while (($# > 0)) && [[ "$1" != -- ]]; do
  [[ " ${EVERY[*]} " == *" $1 "* ]] || stop "There is no part $1; there are: ${EVERY[*]}."
  parts+=("$1")
  shift
done
(($# == 0)) || shift
((${#parts[@]} > 0)) || parts=("${EVERY[@]}")
wanted() { [[ " ${parts[*]} " == *" $1 "* ]]; }

mkdir -p "$OUT"
# The page of results tells of this run only.
for part in "${parts[@]}"; do rm -f "$OUT/$part.json"; done
if wanted reading; then rm -f "$OUT/growth.json"; fi
if wanted window; then rm -f "$OUT/pipeline.json"; fi

say "Building the page that the window shows"
npm --prefix ui run --silent build -- --logLevel warn
if [[ -d "$CARGO_TARGET_DIR/measured" ]]; then
  say "Building what is measured, optimised"
else
  say "Building what is measured, optimised (about 12 minutes on two cores the first time)"
fi
cargo build --profile measured --locked --bins \
  -p baton-load-tests -p baton-bare-page -p baton-desk -p baton-relay -p baton-simulator 2> "$OUT/build.txt" ||
  { tail -40 "$OUT/build.txt" >&2; exit 1; }

failed=()
measure() {
  local part="$1"
  shift
  say "Measuring: $part"
  "$CARGO_TARGET_DIR/measured/baton-bench" --out "$OUT" "$part" "$@" 2>&1 | tee "$OUT/$part.txt"
}

if wanted webhook; then
  say "Measuring: what checking and reading a webhook costs"
  rm -rf "$CARGO_TARGET_DIR"/criterion/webhook-*
  cargo bench -p baton-messenger --bench webhook --profile measured --locked -- --quiet > "$OUT/webhook.txt" 2>&1 ||
    { tail -40 "$OUT/webhook.txt" >&2; failed+=(webhook); }
fi
for part in ingest search reading update catch-up window board sending relay; do
  if wanted "$part"; then
    measure "$part" "$@" || failed+=("$part")
  fi
done

node scripts/bench.mjs --criterion "$CARGO_TARGET_DIR/criterion" --out "$OUT" --report docs/performance.md \
  --failed "${failed[*]}"

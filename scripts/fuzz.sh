#!/usr/bin/env bash
# Looks for webhook bodies that the reader cannot stand: libFuzzer, led by coverage, on the stable toolchain.
# scripts/fuzz.sh [SECONDS]. Ends with 1 and the offending body when something is found.
set -euo pipefail
source "$(dirname "$0")/say.sh"

readonly FOR="${1:-300}"
readonly OUT="$CARGO_TARGET_DIR/fuzz"
readonly HOST="$(rustc -vV | sed -n 's/^host: //p')"
readonly CORPUS=crates/messenger/fuzz/corpus/webhook
readonly GROWN="$OUT/grown"
mkdir -p "$GROWN" "$OUT/found"

# Coverage is counted by a pass of LLVM that the stable compiler has; `--target` keeps build scripts free of it.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=1"
# Fast enough to look at many bodies, with the checks of a debug build.
export CARGO_PROFILE_DEV_OPT_LEVEL=2 CARGO_PROFILE_DEV_INCREMENTAL=false

say "Building the search"
cargo build -p baton-messenger-fuzz --features libfuzzer --bin fuzz-webhook --locked --quiet \
  --target "$HOST" --target-dir "$OUT/build"

say "Looking for $FOR seconds, from $(find "$CORPUS" -type f | wc -l) bodies"
"$OUT/build/$HOST/debug/fuzz-webhook" "$GROWN" "$CORPUS" \
  -max_total_time="$FOR" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
  -artifact_prefix="$OUT/found/" -print_final_stats=1 2>&1 | tee "$OUT/log.txt" | grep -E '^(INFO|stat::|finding|==|SUMMARY|Done|thread)' ||
  stop "Something was found. The body lies in $OUT/found, the story in $OUT/log.txt."
say "Nothing was found."

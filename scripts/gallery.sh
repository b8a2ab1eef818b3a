#!/usr/bin/env bash
# Takes pictures of every kind that can stand in a thread: walks the documented webhooks through all parts, which leaves
# the desk's answers, and draws them and the samples of the page with the page's own components.
set -euo pipefail
source "$(dirname "$0")/say.sh"

say "Walking every documented webhook through relay and desk"
cargo test --workspace --locked --quiet --test stories -- fixtures

say "Taking the pictures"
node scripts/gallery.mjs "$CARGO_TARGET_DIR/gallery"

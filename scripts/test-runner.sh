#!/usr/bin/env bash
# Runs one test program for cargo. The tests of some mostly wait, for a disk or for programs that they started: of these twice as
# many go at a time as there are processors. Those with windows, and those that kill, stay as they are.
set -euo pipefail

case "$(basename "$1")" in
  stories-* | store-* | relay-* | desk-*) export RUST_TEST_THREADS="${RUST_TEST_THREADS:-$((2 * $(nproc)))}" ;;
esac
exec "$@"

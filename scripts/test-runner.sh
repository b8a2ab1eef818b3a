#!/usr/bin/env bash
# Runs one test program for cargo. The tests of some mostly wait, for a disk or for programs that they started: of these twice as
# many go at a time as there are processors, and their files are in memory where there is room, for nothing they ask is about what
# a disk keeps when the power goes. Those with windows, and those that kill, stay as they are.
set -euo pipefail

# How much has to be free for their files, KiB.
readonly ROOM=4000000

is_room_in_memory() {
  local free of_memory
  free="$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)"
  of_memory="$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo 2>/dev/null)"
  [[ -w /dev/shm && "${free:-0}" -gt "$ROOM" && "${of_memory:-0}" -gt "$ROOM" ]]
}

case "$(basename "$1")" in
  stories-* | store-* | relay-* | desk-*)
    export RUST_TEST_THREADS="${RUST_TEST_THREADS:-$((2 * $(nproc)))}"
    if [[ -z "${TMPDIR:-}" ]] && is_room_in_memory; then
      TMPDIR="$(mktemp -d /dev/shm/baton-test.XXXXXX)"
      export TMPDIR
      trap 'rm -rf "$TMPDIR"' EXIT
      "$@"
      exit
    fi
    ;;
esac
exec "$@"

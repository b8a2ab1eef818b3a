# Progress lines of the scripts: what is being done, and when it began.
say() {
  printf '%(%H:%M:%S)T  %s\n' -1 "$*"
}

# Stops with a reason and what can be done.
stop() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

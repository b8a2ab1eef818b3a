#!/usr/bin/env bash
# Writes the offline data of the checked queries from the migrations. With --check it writes nothing into the
# repository and fails when the data is stale.
set -euo pipefail
source "$(dirname "$0")/say.sh"

# Crate, and the folder of the migrations that its queries are checked against.
readonly CHECKED=("core desk" "relay relay")

made="$(mktemp -d)"
trap 'rm -rf "$made"' EXIT

# What the queries of a crate are found to be, against an empty database with its schema.
describe() {
  local crate="$1" migrations="$2"
  cat migrations/"$migrations"/*.sql | sqlite3 "$made/$crate.db" >/dev/null
  mkdir "$made/$crate"
  # Queries are looked at while the crate is compiled, so it has to be compiled anew.
  touch "crates/$crate/src/lib.rs"
  DATABASE_URL="sqlite:$made/$crate.db" SQLX_OFFLINE_DIR="$made/$crate" cargo check -p "baton-$crate" --quiet --locked
}

compare() {
  local crate="$1"
  diff -r "crates/$crate/.sqlx" "$made/$crate" >&2 ||
    stop "The offline data of crates/$crate is stale: run \`make sqlx\` and commit what it wrote."
}

for pair in "${CHECKED[@]}"; do
  read -r crate migrations <<<"$pair"
  describe "$crate" "$migrations"
  if [[ "${1:-}" == --check ]]; then
    compare "$crate"
  else
    rm -rf "crates/$crate/.sqlx"
    cp -r "$made/$crate" "crates/$crate/.sqlx"
  fi
done

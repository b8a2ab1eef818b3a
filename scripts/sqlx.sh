#!/usr/bin/env bash
# Writes the offline data of the checked queries from the migrations. With --check it writes nothing into the
# repository, looks with clippy instead of the compiler alone, and fails on a warning and when the data is stale: one
# pass over the workspace tells both.
set -euo pipefail
source "$(dirname "$0")/say.sh"

# Crate, and the folder of the migrations that its queries are checked against.
readonly CHECKED=("core desk" "relay relay")

made="$(mktemp -d)"
# Until then queries are looked at in a database, which the macros find in a file beside the crate.
let_go() {
  local pair crate
  for pair in "${CHECKED[@]}"; do
    read -r crate _ <<<"$pair"
    rm -f "crates/$crate/.env"
    # What is built stays fresh.
    [[ ! -e "$made/$crate.time" ]] || touch -r "$made/$crate.time" "crates/$crate/src/lib.rs"
  done
  rm -rf "$made"
}
trap let_go EXIT

for pair in "${CHECKED[@]}"; do
  read -r crate migrations <<<"$pair"
  cat migrations/"$migrations"/*.sql | sqlite3 "$made/$crate.db" >/dev/null
  mkdir "$made/$crate"
  printf 'DATABASE_URL=sqlite:%s\nSQLX_OFFLINE_DIR=%s\n' "$made/$crate.db" "$made/$crate" >"crates/$crate/.env"
  # Queries are looked at while the crate is compiled, so it has to be compiled anew.
  touch -r "crates/$crate/src/lib.rs" "$made/$crate.time"
  touch "crates/$crate/src/lib.rs"
done

if [[ "${1:-}" == --check ]]; then
  cargo clippy --workspace --all-targets --quiet --locked -- -D warnings
else
  cargo check --workspace --all-targets --quiet --locked
fi

for pair in "${CHECKED[@]}"; do
  read -r crate _ <<<"$pair"
  if [[ "${1:-}" == --check ]]; then
    diff -r "crates/$crate/.sqlx" "$made/$crate" >&2 ||
      stop "The offline data of crates/$crate is stale: run \`make sqlx\` and commit what it wrote."
  else
    rm -rf "crates/$crate/.sqlx"
    cp -r "$made/$crate" "crates/$crate/.sqlx"
  fi
done

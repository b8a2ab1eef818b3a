// Who may know whom. Reads `cargo metadata --no-deps` from standard input and fails unless every arrow between our
// crates is one of those below, and no pure crate names a library that does I/O.
import { readFileSync } from 'node:fs';

const BELOW = {
  'baton-messenger': [],
  'baton-protocol': ['baton-messenger'],
  'baton-thread': ['baton-protocol', 'baton-messenger'],
  'baton-graph': ['baton-messenger'],
  'baton-scrub': [],
  'baton-core': ['baton-scrub', 'baton-graph', 'baton-thread', 'baton-protocol', 'baton-messenger'],
  'baton-commands': ['baton-core', 'baton-graph', 'baton-thread', 'baton-protocol', 'baton-messenger'],
  'baton-devhost': ['baton-commands', 'baton-core', 'baton-graph', 'baton-thread', 'baton-protocol', 'baton-messenger'],
  'baton-desk': ['baton-commands', 'baton-core', 'baton-graph', 'baton-thread', 'baton-protocol', 'baton-messenger'],
  'baton-relay': ['baton-scrub', 'baton-thread', 'baton-graph', 'baton-protocol', 'baton-messenger'],
  'baton-simulator': ['baton-messenger'],
};

// What crosses parts may name every part.
const TESTS = ['baton-messenger-fuzz', 'baton-support', 'baton-core-tests', 'baton-parts-tests', 'baton-journeys-tests', 'baton-chaos-tests', 'baton-load-tests', 'baton-bare-page'];

const IO = ['tokio', 'reqwest', 'sqlx', 'axum', 'hyper', 'tauri', 'rustix', 'async-trait'];
const FORBIDDEN = {
  'baton-messenger': IO,
  'baton-protocol': IO,
  'baton-thread': IO,
  'baton-core': ['tauri', 'axum', 'keyring'],
  'baton-commands': ['tauri', 'axum', 'sqlx', 'reqwest', 'keyring'],
};

const { packages } = JSON.parse(readFileSync(0, 'utf8'));
const faults = [];

for (const { name, dependencies } of packages) {
  if (TESTS.includes(name)) continue;
  const allowed = BELOW[name];
  if (allowed === undefined) {
    faults.push(`${name} is new: say in scripts/arrows.mjs and ARCHITECTURE.md what it may know`);
    continue;
  }
  for (const { name: known, kind } of dependencies) {
    const ours = known.startsWith('baton-');
    if (ours && !allowed.includes(known)) faults.push(`${name} must not know ${known}`);
    if (kind === null && (FORBIDDEN[name] ?? []).some((root) => known === root || known.startsWith(`${root}-`))) {
      faults.push(`${name} must not use ${known}`);
    }
  }
}

for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);

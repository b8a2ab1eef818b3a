// What was measured, section by section, in the order in which it is told.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ORDER = ['webhook', 'ingest', 'catch-up', 'search', 'reading', 'growth', 'update', 'pipeline', 'window', 'board', 'sending', 'relay'];
/** Checking and reading a webhook may cost this many times the bare HMAC and a tree of the JSON. */
const WEBHOOK = 1.5;

export function sections(out, criterion) {
  return ORDER.map((key) => {
    const file = join(out, `${key}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
    return key === 'webhook' ? webhook(criterion) : null;
  }).filter((section) => section !== null);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What criterion measured: nine rounds of each body, reference and Baton in turn. */
function webhook(criterion) {
  if (!existsSync(criterion)) return null;
  const groups = readdirSync(criterion).filter((name) => name.startsWith('webhook-'));
  if (groups.length === 0) return null;
  // The median time of each round, in nanoseconds, in the order of the rounds.
  const rounds = (group, which) => {
    const folder = join(criterion, group, which);
    const numbers = readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .sort((a, b) => a - b);
    const estimates = (round) => JSON.parse(readFileSync(join(folder, round, 'new', 'estimates.json'), 'utf8'));
    return numbers.map((round) => estimates(round).median.point_estimate);
  };
  const us = (ns) => `${(ns / 1000).toFixed(2)} µs`;
  const rows = groups.map((group) => {
    const [bare, baton] = [rounds(group, 'bare'), rounds(group, 'baton')];
    const ofRound = bare.map((ns, round) => baton[round] / ns);
    const ratio = median(baton) / median(bare);
    return {
      what: group.slice('webhook-'.length).replaceAll('-', ' '),
      ours: us(median(baton)),
      reference: us(median(bare)),
      ratio,
      rounds: ofRound,
      spread: [Math.min(...ofRound), Math.max(...ofRound)],
      promise: { at_most: WEBHOOK },
      kept: ratio <= WEBHOOK,
      profile: [],
    };
  });
  return {
    key: 'webhook',
    title: 'Checking and reading a webhook',
    about:
      'Bodies of 1024 bytes. The reference is the bare HMAC-SHA256 of the body, and serde_json::from_slice::<Value>.',
    rows,
    facts: [],
  };
}

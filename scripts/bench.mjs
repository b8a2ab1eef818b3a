// Reads what criterion measured, prints the ratio of the medians, and writes it into its place in the report.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

/** Checking and reading may cost this many times the bare HMAC and a tree of the JSON. */
const LIMIT = 1.5;
const [measured, json, report] = process.argv.slice(2);

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The median time of each round, in nanoseconds, in the order of the rounds. */
function rounds(group, which) {
  const folder = join(measured, group, which);
  const numbers = readdirSync(folder).filter((name) => /^\d+$/.test(name)).sort((a, b) => a - b);
  const estimate = (round) => JSON.parse(readFileSync(join(folder, round, 'new', 'estimates.json'), 'utf8'));
  return numbers.map((round) => estimate(round).median.point_estimate);
}

const bodies = readdirSync(measured)
  .filter((name) => name.startsWith('webhook-'))
  .map((group) => {
    const [bare, baton] = [rounds(group, 'bare'), rounds(group, 'baton')];
    const ofRound = bare.map((ns, round) => baton[round] / ns);
    return {
      body: group.slice('webhook-'.length).replaceAll('-', ' '),
      bare_ns: median(bare),
      baton_ns: median(baton),
      ratio: median(baton) / median(bare),
      lowest: Math.min(...ofRound),
      highest: Math.max(...ofRound),
      rounds: bare.length,
    };
  });
if (bodies.length === 0) throw new Error('nothing was measured');

const worst = Math.max(...bodies.map(({ ratio }) => ratio));
const kept = worst <= LIMIT;
const facts = {
  limit: LIMIT,
  worst,
  kept,
  processor: cpus()[0].model.trim(),
  cores: cpus().length,
  load: loadavg()[0],
  rustc: execFileSync('rustc', ['--version'], { encoding: 'utf8' }).trim(),
  bodies,
};
writeFileSync(json, `${JSON.stringify(facts, null, 2)}\n`);

const us = (ns) => (ns / 1000).toFixed(2);
const x = (ratio) => ratio.toFixed(2);
const rows = bodies.map(
  (row) =>
    `| ${row.body} | ${us(row.bare_ns)} | ${us(row.baton_ns)} | **${x(row.ratio)}** | ${x(row.lowest)}–${x(row.highest)} |`,
);
const section = `
| body of 1024 bytes | reference, µs | Baton, µs | ratio | ratio by round |
|---|---|---|---|---|
${rows.join('\n')}

Worst ratio ${x(worst)}, promised at most ${x(LIMIT)}: **${kept ? 'kept' : 'missed'}**. Medians of ${bodies[0].rounds} rounds in turn, reference and Baton.
${facts.processor}, ${facts.cores} cores, load ${facts.load.toFixed(1)} at the end; ${facts.rustc}.
`;

const [begin, end] = ['<!-- webhook: begin -->', '<!-- webhook: end -->'];
const text = readFileSync(report, 'utf8');
const [before, after] = [text.indexOf(begin), text.indexOf(end)];
if (before < 0 || after < before) throw new Error(`${report} has no place for this report`);
writeFileSync(report, `${text.slice(0, before + begin.length)}\n${section}\n${text.slice(after)}`);

for (const row of bodies) {
  console.log(`${row.body.padEnd(24)} reference ${us(row.bare_ns).padStart(7)} µs   Baton ${us(row.baton_ns).padStart(7)} µs   ratio ${x(row.ratio)}`);
}
console.log(`verify + parse of 1 KB: ${x(worst)} times the bare HMAC and serde_json::Value, at most ${x(LIMIT)} is promised: ${kept ? 'kept' : 'MISSED'}`);
process.exit(kept ? 0 : 1);

// All of it as one page that needs nothing else: for each row the ratio of every round beside what is promised.
import { kept, promised, ratio } from './table.mjs';

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const [WIDTH, ROW, LEFT, RIGHT, TOP] = [860, 34, 300, 150, 26];

/** Ratios on a scale that doubles: half as much is as far to the left as twice as much is to the right. */
function plot({ rows }) {
  if (rows.length === 0) return '';
  const limit = (row) => row.promise.at_least ?? row.promise.at_most ?? 1;
  const all = rows.flatMap((row) => [...row.rounds, row.ratio, limit(row), 1]).filter((x) => x > 0);
  const low = Math.min(0.5, ...all) * 0.9;
  const high = Math.max(2, ...all) * 1.1;
  const span = Math.log(high / low);
  const x = (value) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(Math.max(value, low) / low)) / span;
  const height = TOP + rows.length * ROW + 8;
  const ticks = [];
  for (let at = 2 ** Math.ceil(Math.log2(low)); at <= high; at *= 2) {
    const px = x(at).toFixed(1);
    ticks.push(
      `<line class="tick" x1="${px}" x2="${px}" y1="${TOP - 6}" y2="${height - 8}"/>` +
        `<text class="scale" x="${px}" y="14" text-anchor="middle">${at < 1 ? at.toFixed(at < 0.1 ? 3 : 2) : at}×</text>`,
    );
  }
  const marks = rows.map((row, place) => {
    const y = TOP + place * ROW + ROW / 2;
    const state = row.kept === false ? 'missed' : row.kept ? 'kept' : 'told';
    const dots = row.rounds.map((round) => `<circle class="round" cx="${x(round).toFixed(1)}" cy="${y}" r="3"/>`);
    const edge = x(limit(row)).toFixed(1);
    const wall = promised(row) === '' ? '' : `<line class="limit" x1="${edge}" x2="${edge}" y1="${y - 12}" y2="${y + 12}"/>`;
    return (
      `<g class="${state}"><text x="0" y="${y + 5}">${escape(row.what.length > 46 ? `${row.what.slice(0, 45)}…` : row.what)}<title>${escape(row.what)}</title></text>` +
      `${wall}${dots.join('')}<line class="median" x1="${x(row.ratio).toFixed(1)}" x2="${x(row.ratio).toFixed(1)}" y1="${y - 9}" y2="${y + 9}"/>` +
      `<text x="${WIDTH - RIGHT + 14}" y="${y + 5}">${ratio(row.ratio)} ${escape(promised(row))} ${kept(row)}</text></g>`
    );
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Ratios by round">${ticks.join('')}${marks.join('')}</svg>`;
}

function figures(section) {
  const rows = section.rows.map(
    (row) =>
      `<tr class="${row.kept === false ? 'missed' : ''}"><td>${escape(row.what)}</td><td>${escape(row.ours)}</td><td>${escape(row.reference)}</td>` +
      `<td>${ratio(row.ratio)}</td><td>${row.spread.map(ratio).join('–')}</td><td>${escape(promised(row))}</td><td>${kept(row)}</td></tr>`,
  );
  const head =
    '<tr><th>what</th><th>Baton</th><th>reference</th><th>ratio</th><th>by round</th><th>promised</th><th></th></tr>';
  const facts = section.facts.map(([name, value]) => `<tr><td>${escape(name)}</td><td>${escape(value)}</td></tr>`);
  const profiles = section.rows
    .filter((row) => row.kept === false && row.profile.length > 0)
    .map(
      (row) =>
        `<details open><summary>Where the time goes: ${escape(row.what)}</summary><table>${row.profile
          .map(([name, value]) => `<tr><td><code>${escape(name)}</code></td><td>${escape(value)}</td></tr>`)
          .join('')}</table></details>`,
    );
  return (
    (rows.length > 0 ? `<table>${head}${rows.join('')}</table>` : '') +
    (facts.length > 0 ? `<table>${facts.join('')}</table>` : '') +
    profiles.join('')
  );
}

export function page(sections, machine) {
  const parts = sections.map(
    (section) =>
      `<section><h2>${escape(section.title)}</h2><p>${escape(section.about)}</p>${plot(section)}${figures(section)}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Baton: what was measured</title><style>
:root { color-scheme: light dark; --ink: #1c2430; --soft: #667080; --line: #d7dce3; --paper: #fff; --good: #1a7f4b; --bad: #c22f2f; --dot: #3268c8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa4b2; --line: #38414d; --paper: #14181e; --good: #57c98b; --bad: #ff7a70; --dot: #7fa9ff } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 900px; margin: 32px auto; padding: 0 20px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 18px; margin: 40px 0 4px } p { margin: 0 0 12px; color: var(--soft) }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { text-align: start; padding: 4px 8px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top } th { color: var(--soft); font-weight: 500 }
tr.missed td { color: var(--bad) } code { font-size: 12px; overflow-wrap: anywhere } summary { cursor: pointer; color: var(--soft) }
svg { width: 100%; height: auto; font-size: 12.5px } svg text { fill: var(--ink) } .scale { fill: var(--soft); font-size: 11px }
.tick { stroke: var(--line) } .limit { stroke: var(--soft); stroke-width: 2; stroke-dasharray: 3 3 } .round { fill: var(--dot); opacity: .55 }
.median { stroke-width: 3; stroke: var(--dot) } .kept .median { stroke: var(--good) } .missed .median, .missed .round { stroke: var(--bad); fill: var(--bad) }
.missed text { fill: var(--bad) }
</style></head><body><h1>What was measured</h1>
<p>Each dot is one round: what Baton needed, beside its reference in the same minute. The upright line is the ratio of the medians, the dashed one what is promised. ${escape(machine)}.</p>
${parts.join('\n')}</body></html>
`;
}

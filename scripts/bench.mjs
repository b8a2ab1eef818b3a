// Reads what was measured, writes the tables into their places in the report and a page with plots, and says what was
// missed. Ends with 1 when something was.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { page } from './bench/page.mjs';
import { sections } from './bench/sections.mjs';
import { line, table } from './bench/table.mjs';

const { values: asked } = parseArgs({
  options: {
    criterion: { type: 'string' },
    out: { type: 'string' },
    report: { type: 'string' },
    failed: { type: 'string', default: '' },
  },
});
const failed = asked.failed.split(' ').filter(Boolean);

const machine = [
  cpus()[0].model.trim(),
  `${cpus().length} cores`,
  `${Math.round(totalmem() / 2 ** 30)} GiB`,
  `load ${loadavg()[0].toFixed(1)} at the end`,
  execFileSync('rustc', ['--version'], { encoding: 'utf8' }).trim(),
].join(', ');

const all = sections(asked.out, asked.criterion);
if (all.length === 0) throw new Error('nothing was measured');

let text = readFileSync(asked.report, 'utf8');
for (const section of all) {
  const [begin, end] = [`<!-- ${section.key}: begin -->`, `<!-- ${section.key}: end -->`];
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${asked.report} has no place for ${section.key}`);
  text = `${text.slice(0, before + begin.length)}\n\n${table(section, machine)}\n${text.slice(after)}`;
}
writeFileSync(asked.report, text);
const file = join(asked.out, 'report.html');
writeFileSync(file, page(all, machine));

const rows = all.flatMap((section) => section.rows);
for (const section of all) {
  console.log(`\n${section.title}`);
  for (const row of section.rows) console.log(`  ${line(row)}`);
  for (const [name, value] of section.facts) console.log(`  ${name}: ${value}`);
}
const missed = rows.filter((row) => row.kept === false);
console.log(
  `\n${rows.filter((row) => row.kept).length} promises kept, ${missed.length} missed. ${asked.report}, ${file}`,
);
for (const part of failed) console.log(`${part} could not be measured: ${join(asked.out, `${part}.txt`)} says why`);
process.exit(missed.length === 0 && failed.length === 0 ? 0 : 1);

// One section as a table for people who read Markdown, and one row as a line for a terminal.

export const ratio = (number) => (number >= 100 ? number.toFixed(0) : number.toFixed(2));

export function promised(row) {
  if (row.promise.at_least !== undefined) return `≥ ${row.promise.at_least}`;
  if (row.promise.at_most !== undefined) return `≤ ${row.promise.at_most}`;
  return '';
}

export function kept(row) {
  if (row.kept === null) return '';
  return row.kept ? 'kept' : 'missed';
}

export function line(row) {
  const [low, high] = row.spread;
  const figures = `${row.ours.padStart(26)} ${row.reference.padStart(26)}`;
  const mark = row.kept === false ? 'MISSED' : kept(row);
  return `${row.what.padEnd(56)} ${figures}   ${ratio(row.ratio).padStart(6)} (${ratio(low)}–${ratio(high)}) ${promised(row)} ${mark}`;
}

export function table(section, machine) {
  const lines = [];
  if (section.rows.length > 0) {
    lines.push('| what | Baton | reference | ratio | by round | promised | |', '|---|---|---|---|---|---|---|');
    for (const row of section.rows) {
      const [low, high] = row.spread;
      const mark = row.kept === false ? '**missed**' : kept(row);
      lines.push(
        `| ${row.what} | ${row.ours} | ${row.reference} | **${ratio(row.ratio)}** | ${ratio(low)}–${ratio(high)} | ${promised(row)} | ${mark} |`,
      );
    }
    lines.push('');
  }
  if (section.facts.length > 0) {
    lines.push('| | |', '|---|---|');
    for (const [name, value] of section.facts) lines.push(`| ${name} | ${value} |`);
    lines.push('');
  }
  for (const row of section.rows) {
    if (row.kept !== false || row.profile.length === 0) continue;
    lines.push(`Where the time goes in *${row.what}*:`, '', '| | |', '|---|---|');
    for (const [name, value] of row.profile) lines.push(`| \`${name.replaceAll('|', '\\|')}\` | ${value} |`);
    lines.push('');
  }
  const rounds = section.rows.map((row) => row.rounds.length);
  const [fewest, most] = [Math.min(...rounds), Math.max(0, ...rounds)];
  const many = rounds.length > 0 && fewest < most ? `${fewest} to ${most}` : `${most}`;
  lines.push(`Medians of ${many} rounds in turn. ${machine}.`, '');
  return lines.join('\n');
}

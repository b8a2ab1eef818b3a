/**
 * The variables of a canned reply: `{name}`, `{agent}` and `{account}` stand for what is known; whatever else stands in
 * braces, and what is not known, is a blank that the agent fills in. Pure.
 */
export type Values = {
  /** The customer's; none while nobody told it. */
  name: string | null;
  agent: string | null;
  account: string | null;
};

/** A piece of the text; a blank is shown as it was written. */
export type Piece = { text: string; blank: boolean };

const BRACES = /\{\s*(\p{L}[\p{L}\p{N} _-]{0,39}?)\s*\}/gu;

export function fill(text: string, values: Values): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const plain = (more: string) => {
    const last = pieces.at(-1);
    if (more === '') return;
    if (last && !last.blank) last.text += more;
    else pieces.push({ text: more, blank: false });
  };
  for (const found of text.matchAll(BRACES)) {
    const [whole, variable = ''] = found;
    const value = valueOf(variable.toLowerCase(), values);
    plain(text.slice(end, found.index));
    if (value === null) pieces.push({ text: whole, blank: true });
    else plain(value);
    end = found.index + whole.length;
  }
  plain(text.slice(end));
  return pieces;
}

function valueOf(variable: string, { name, agent, account }: Values): string | null {
  const known = { name, agent, account };
  return variable in known ? known[variable as keyof Values] || null : null;
}

/** Where the first blank of a text stands. */
export function firstBlank(text: string): { from: number; to: number; blank: string } | null {
  const [found] = text.matchAll(BRACES);
  if (!found) return null;
  return { from: found.index, to: found.index + found[0].length, blank: found[0] };
}

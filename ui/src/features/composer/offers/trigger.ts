/** Where in a text something is offered, and by which letters it is looked for. Pure. */
export type Offered = 'emoji' | 'canned' | 'person';

export type Trigger = {
  what: Offered;
  /** The place in the text that a pick replaces. */
  from: number;
  to: number;
  typed: string;
};

/** After a colon that begins a word, two letters at least: a time and an address are none. */
const EMOJI = /(?:^|[^\p{L}\p{N}:/])(:([a-z+-][a-z0-9_+-]+))$/iu;
/** A slash with which the whole text begins, while nothing but a name follows. */
const CANNED = /^\/([^\n]{0,40})$/u;

/** After an @ that begins a word, at once; names have spaces in them. An address is none. */
const PERSON = /(?:^|[^\p{L}\p{N}@._-])(@((?:[^\s@][^\n@]{0,39})?))$/u;

/** What a reply offers. */
export const inReply: ReadonlySet<Offered> = new Set(['emoji', 'canned']);
/** What a private note offers. */
export const inNote: ReadonlySet<Offered> = new Set(['emoji', 'person']);

/** What is offered with the caret here; nothing while something is selected. */
export function triggerAt(
  text: string,
  caret: number,
  offered: ReadonlySet<Offered> = inReply,
): Trigger | null {
  const before = text.slice(0, caret);
  const canned = offered.has('canned') && caret === text.length ? CANNED.exec(text) : null;
  if (canned) return { what: 'canned', from: 0, to: caret, typed: canned[1] ?? '' };
  const person = offered.has('person') ? PERSON.exec(before) : null;
  if (person) {
    const [, whole = '', typed = ''] = person;
    return { what: 'person', from: caret - whole.length, to: caret, typed };
  }
  const emoji = EMOJI.exec(before);
  if (!emoji) return null;
  const [, whole = '', typed = ''] = emoji;
  return { what: 'emoji', from: caret - whole.length, to: caret, typed };
}

/** Where in a text something is offered, and by which letters it is looked for. Pure. */
export type Trigger = {
  what: 'emoji' | 'canned';
  /** The place in the text that a pick replaces. */
  from: number;
  to: number;
  typed: string;
};

/** After a colon that begins a word, two letters at least: a time and an address are none. */
const EMOJI = /(?:^|[^\p{L}\p{N}:/])(:([a-z+-][a-z0-9_+-]+))$/iu;
/** A slash with which the whole text begins, while nothing but a name follows. */
const CANNED = /^\/([^\n]{0,40})$/u;

/** What is offered with the caret here; nothing while something is selected. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const canned = caret === text.length ? CANNED.exec(text) : null;
  if (canned) return { what: 'canned', from: 0, to: caret, typed: canned[1] ?? '' };
  const emoji = EMOJI.exec(before);
  if (!emoji) return null;
  const [, whole = '', typed = ''] = emoji;
  return { what: 'emoji', from: caret - whole.length, to: caret, typed };
}

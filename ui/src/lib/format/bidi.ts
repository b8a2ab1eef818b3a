/** Texts of people inside our own sentences, whatever way they read. */

/** Signs that read from right to left, and marks that turn what follows them. */
const TURNS =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200f\u202a-\u202e\u2066-\u2069]|[\ud802\ud803\ud83a\ud83b]/;
/** What could end an isolate early, or turn more than its own text. */
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text as one piece of a sentence: it reads its own way, and what stands around it (a time, a count, a full stop)
 * stays in its place. Where markup can be used, `<bdi>` does the same.
 */
export function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text.replace(CONTROLS, '')}\u2069` : text;
}

/**
 * Letters that are typed to come to an option that begins with them. Pure but for the clock that it is given.
 *
 * Promises: letters that follow each other quickly are one beginning; the same letter again and again goes through all that
 * begin with it; what does not begin any option changes nothing.
 */
/** So long after a letter the next one begins anew, milliseconds. */
const PAUSE_MS = 700;

export class Typed {
  #text = '';
  #atMs = -Infinity;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Whether the next letter goes on with those before. */
  get isUnderWay(): boolean {
    return this.#text !== '' && this.#nowMs() - this.#atMs < PAUSE_MS;
  }

  /** What is typed with this letter. */
  with(letter: string): string {
    this.#text = this.isUnderWay ? this.#text + letter : letter;
    this.#atMs = this.#nowMs();
    return this.#text;
  }
}

/** The next option that begins with what was typed, around from the one that the keys are at; null when there is none. */
export function startingWith(typed: string, labels: string[], at: number): number | null {
  const [first = ''] = typed;
  const isOne = [...typed].every((letter) => letter === first);
  const wanted = (isOne ? first : typed).toLocaleLowerCase();
  // More letters may go on with the option that the first one came to.
  const from = isOne ? at + 1 : at;
  for (let step = 0; step < labels.length; step += 1) {
    const place = (from + step) % labels.length;
    if (labels[place]?.toLocaleLowerCase().startsWith(wanted)) return place;
  }
  return null;
}

/**
 * What somebody looks for, and what was found.
 *
 * ```text
 *   typed ──▶ asked (what was found stays) ──▶ found ──▶ at the end: more
 *                └─ typed on: the answer is dropped
 * ```
 *
 * Promises: only the answer to what stands in the field is shown; until it is there the one before stays, so that
 * nothing flickers; a page in which nothing fitted is followed by the next one by itself.
 */
import type { Found, SearchHit, ThreadRef, ThreadRow } from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';
import type { CommandError } from '$lib/contract';

const PAGE = 40;
/** One answer never holds more. */
const MOST = 100;
/** What is shown is read again at most so often, milliseconds. */
const EVERY_MS = 250;
/** So many pages in which too little fitted are followed by themselves. */
const MOST_EMPTY = 20;

/** Of the fresh hits those that were shown, as they are now, and what comes after them. */
function staying(shown: SearchHit[], fresh: SearchHit[]): SearchHit[] {
  if (shown.length === 0) return fresh;
  const place = (hit: SearchHit) => `${hit.thread} ${hit.at}`;
  const known = new Set(shown.map(place));
  const last = fresh.findLastIndex((hit) => known.has(place(hit)));
  return fresh.filter((hit, at) => at > last || known.has(place(hit)));
}

export class Search {
  typed = $state('');
  found = $state.raw<Found | null>(null);
  error = $state.raw<CommandError | null>(null);
  /** More is being read at the end. */
  reading = $state(false);
  /** Of names and hits together, the one that the keys are at. */
  at = $state(0);
  /** The filters are shown, before anything is looked for. */
  helping = $state(false);
  readonly thread: ThreadRef | null;

  #host: Host;
  #turn = 0;
  #asked = false;

  constructor(host: Host, thread: ThreadRef | null = null) {
    this.#host = host;
    this.thread = thread;
  }

  /** Something is looked for. */
  get on(): boolean {
    return this.typed.trim() !== '';
  }

  get names(): ThreadRow[] {
    return this.found?.names ?? [];
  }

  get hits(): SearchHit[] {
    return this.found?.hits ?? [];
  }

  /** How many can be gone through by keys. */
  get length(): number {
    return this.names.length + this.hits.length;
  }

  type(text: string): void {
    if (text === this.typed) return;
    this.typed = text;
    this.helping = false;
    this.at = 0;
    void this.#first(PAGE);
  }

  clear(): void {
    this.#turn += 1;
    this.typed = '';
    this.helping = false;
    this.found = null;
    this.error = null;
    this.reading = false;
    this.at = 0;
  }

  /**
   * Something changed: what is shown is read again. What came meanwhile does not push what is being read away; it is
   * found when one types on.
   */
  ask(): void {
    if (!this.on || this.#asked) return;
    this.#asked = true;
    setTimeout(() => {
      this.#asked = false;
      if (!this.on || this.reading) return;
      const limit = Math.min(MOST, Math.max(PAGE, this.hits.length));
      void this.#first(limit, (fresh) => staying(this.hits, fresh));
    }, EVERY_MS);
  }

  /** Looks again after it failed. */
  again(): Promise<void> {
    return this.#first(PAGE);
  }

  /** Reads the next page, when there is one. */
  async more(): Promise<void> {
    if (this.reading || !this.found?.next) return;
    await this.#onward(this.#turn, this.hits.length + 1);
  }

  async #first(
    limit: number,
    those: (hits: SearchHit[]) => SearchHit[] = (hits) => hits,
  ): Promise<void> {
    const turn = ++this.#turn;
    if (!this.on) return this.clear();
    this.reading = true;
    try {
      const found = await this.#page(null, limit);
      if (turn !== this.#turn) return;
      this.found = { ...found, hits: those(found.hits) };
      this.error = null;
      this.at = Math.min(this.at, Math.max(0, this.length - 1));
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = asCommandError(thrown);
      this.found = null;
    } finally {
      if (turn === this.#turn) this.reading = false;
    }
    if (turn === this.#turn) await this.#onward(turn, 1);
  }

  /** Reads on until there are so many hits, or nothing more. */
  async #onward(turn: number, want: number): Promise<void> {
    for (let pages = 0; pages < MOST_EMPTY; pages += 1) {
      const { found } = this;
      if (!found?.next || found.hits.length >= want) return;
      this.reading = true;
      try {
        const next = await this.#page(found.next, PAGE);
        if (turn !== this.#turn) return;
        this.found = { ...found, hits: [...found.hits, ...next.hits], next: next.next };
      } catch {
        // What was found stays; the end of the list asks again.
        return;
      } finally {
        if (turn === this.#turn) this.reading = false;
      }
    }
  }

  #page(before: string | null, limit: number): Promise<Found> {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return this.#host.call('search', {
      typed: this.typed,
      thread: this.thread,
      before,
      limit,
      zone,
    });
  }
}

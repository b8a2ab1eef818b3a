/**
 * What somebody looks for, and what was found.
 *
 * ```text
 *   typed ──▶ asked (what was found stays) ──▶ found ──▶ at the end: more
 *                └─ typed on: the answer is dropped
 * ```
 *
 * Promises: only the answer to what stands in the field is shown; until it is there the one before stays, so that
 * nothing flickers; a page in which nothing fitted is followed by the next one by itself, and where that stops it is said;
 * what is read again is as long as it was, and the keys stay where they were.
 */
import type { Found, FoundPeople, SearchHit, ThreadRef, ThreadRow } from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';
import type { CommandError } from '$lib/contract';

const PAGE = 40;
/** One answer never holds more. */
const MOST = 100;
/** What is shown is read again at most so often, milliseconds. */
const EVERY_MS = 250;
/** So many pages in which too little fitted are followed by themselves. */
const MOST_EMPTY = 40;
/** So many customers at once are added to the first few. */
export const PEOPLE = 100;

/** Where a day begins for the agent. */
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Of the fresh hits those that were shown, as they are now, and what comes after them. */
function staying(shown: SearchHit[], fresh: SearchHit[]): SearchHit[] {
  if (shown.length === 0) return fresh;
  const place = (hit: SearchHit) => `${hit.thread} ${hit.at}`;
  const known = new Set(shown.map(place));
  const last = fresh.findLastIndex((hit) => known.has(place(hit)));
  return fresh.filter((hit, at) => at > last || known.has(place(hit)));
}

/** The first few and those who came after them, each once. */
function together(first: ThreadRow[], more: ThreadRow[]): ThreadRow[] {
  const known = new Set(first.map(({ thread }) => thread));
  return [...first, ...more.filter(({ thread }) => !known.has(thread))];
}

export class Search {
  typed = $state('');
  found = $state.raw<Found | null>(null);
  error = $state.raw<CommandError | null>(null);
  /** More is being read at the end. */
  reading = $state(false);
  /** Less was found than asked for, and looking further has to be asked for. */
  stopped = $state(false);
  /** More customers are being read. */
  readingPeople = $state(false);
  /** Of names, the way to more of them, and hits together, the one that the keys are at. */
  at = $state(0);
  /** The filters are shown, before anything is looked for. */
  helping = $state(false);
  readonly thread: ThreadRef | null;

  /** Customers beyond the first few, once they were asked for. */
  #more = $state.raw<FoundPeople | null>(null);
  readonly names = $derived(
    this.#more ? together(this.found?.names ?? [], this.#more.people) : (this.found?.names ?? []),
  );
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

  /** Where more customers begin. */
  get namesNext(): string | null {
    return this.#more ? this.#more.next : (this.found?.namesNext ?? null);
  }

  /** How many entries the way to more customers takes. */
  get #ways(): number {
    return this.namesNext === null ? 0 : 1;
  }

  /** Which entry is the first hit. */
  get firstHit(): number {
    return this.names.length + this.#ways;
  }

  get hits(): SearchHit[] {
    return this.found?.hits ?? [];
  }

  /** How many can be gone through by keys. */
  get length(): number {
    return this.firstHit + this.hits.length;
  }

  /** This entry leads to more customers. */
  leadsToMore(at: number): boolean {
    return this.namesNext !== null && at === this.names.length;
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
    this.#more = null;
    this.error = null;
    this.reading = false;
    this.readingPeople = false;
    this.stopped = false;
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
      void this.#reread();
    }, EVERY_MS);
  }

  /** Looks again after it failed. */
  again(): Promise<void> {
    return this.#first(PAGE);
  }

  /** Reads more of the customers who are called so. The keys stay where they are. */
  async morePeople(): Promise<void> {
    const { namesNext: after, names: before, at } = this;
    if (after === null || this.readingPeople) return;
    const turn = this.#turn;
    this.readingPeople = true;
    try {
      const page = await this.#people(after, PEOPLE);
      if (turn !== this.#turn) return;
      const people = [...(this.#more?.people ?? []), ...page.people];
      const hits = this.firstHit;
      this.#more = { people, next: page.next };
      // On the way itself the keys are now at the first who came.
      if (at > before.length) this.at += this.firstHit - hits;
      this.at = Math.min(this.at, Math.max(0, this.length - 1));
    } catch {
      // The way to more stays and can be pressed again.
    } finally {
      if (turn === this.#turn) this.readingPeople = false;
    }
  }

  /** Reads the next page, when there is one. */
  async more(): Promise<void> {
    if (this.reading || !this.found?.next) return;
    await this.#onward(this.#turn, this.hits.length + 1);
  }

  async #first(limit: number): Promise<void> {
    const turn = this.#begin();
    if (!this.on) return this.clear();
    await this.#show(turn, async () => {
      const found = await this.#page(null, limit);
      return { found, more: null };
    });
    if (turn === this.#turn) await this.#onward(turn, 1);
  }

  /** Reads what is shown once more, as far as it was shown. */
  async #reread(): Promise<void> {
    const turn = this.#begin();
    const [hits, people] = [this.hits.length, this.#more ? this.names.length : 0];
    const is = this.#place(this.at);
    await this.#show(turn, async () => {
      const want = Math.max(PAGE, hits);
      let found = await this.#page(null, Math.min(MOST, want));
      for (let pages = 0; pages < MOST_EMPTY; pages += 1) {
        if (turn !== this.#turn || !found.next || found.hits.length >= hits) break;
        const next = await this.#page(found.next, Math.min(MOST, want - found.hits.length));
        found = { ...found, hits: [...found.hits, ...next.hits], next: next.next };
      }
      const again: FoundPeople = { people: [], next: found.namesNext };
      while (turn === this.#turn && again.next) {
        if (found.names.length + again.people.length >= people) break;
        const page = await this.#people(again.next, PEOPLE);
        again.people.push(...page.people);
        again.next = page.next;
      }
      const more = people > 0 ? again : null;
      return { found: { ...found, hits: staying(this.hits, found.hits) }, more };
    });
    if (turn !== this.#turn) return;
    const at = Array.from({ length: this.length }, (_, at) => at).find(
      (at) => this.#place(at) === is,
    );
    if (at !== undefined) this.at = at;
    await this.#onward(turn, 1);
  }

  #begin(): number {
    // Whatever was being read belongs to what is looked for no more.
    this.readingPeople = false;
    return ++this.#turn;
  }

  async #show(
    turn: number,
    read: () => Promise<{ found: Found; more: FoundPeople | null }>,
  ): Promise<void> {
    this.reading = true;
    try {
      const { found, more } = await read();
      if (turn !== this.#turn) return;
      this.found = found;
      this.#more = more;
      this.error = null;
      this.stopped = false;
      this.at = Math.min(this.at, Math.max(0, this.length - 1));
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = asCommandError(thrown);
      this.found = null;
      this.#more = null;
    } finally {
      if (turn === this.#turn) this.reading = false;
    }
  }

  /** What an entry is of, whatever comes before it. */
  #place(at: number): string | undefined {
    if (this.leadsToMore(at)) return 'more';
    const name = this.names[at];
    if (name) return `name ${name.thread}`;
    const hit = this.hits[at - this.firstHit];
    return hit && `hit ${hit.thread} ${hit.at}`;
  }

  /** Reads on until there are so many hits, or nothing more. */
  async #onward(turn: number, want: number): Promise<void> {
    this.stopped = false;
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
        if (turn === this.#turn) this.stopped = true;
        return;
      } finally {
        if (turn === this.#turn) this.reading = false;
      }
    }
    const { found } = this;
    this.stopped = Boolean(found?.next) && this.hits.length < want;
  }

  #people(after: string, limit: number): Promise<FoundPeople> {
    return this.#host.call('searchPeople', { typed: this.typed, after, limit, zone: zone() });
  }

  #page(before: string | null, limit: number): Promise<Found> {
    return this.#host.call('search', {
      typed: this.typed,
      thread: this.thread,
      before,
      limit,
      zone: zone(),
    });
  }
}

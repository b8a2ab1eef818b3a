/**
 * What the page read from the host, and when to read it again.
 *
 * ```text
 *   idle ──ask()──▶ reading ──answer──▶ shown ──ask()──▶ reading (shown stays) ──▶ …
 *                      └────failure───▶ failed (what was shown stays)
 * ```
 *
 * Promises: an answer is shown only if no younger one was asked for and answered before it, and only if
 * its store version is not older than the one shown; many `ask()` in one frame become one read; while a
 * read is on its way one more is remembered, never a queue of them.
 */
import { untrack } from 'svelte';
import type { CommandError } from '$lib/contract';
import { asCommandError } from '$lib/host';
import { nextFrame } from '$lib/next-frame';

export type QueryOptions<T> = {
  /** Reads from the host. */
  load: () => Promise<T>;
  /** The store's version an answer was read at, where it says so. */
  version?: (answer: T) => number;
  /** Sees each answer that is taken, before it is shown; may return another. */
  take?: (answer: T, before: T | null) => T;
};

/** How long a read may take before the page draws a skeleton, milliseconds. */
const SLOW_MS = 150;

export class Query<T> {
  data = $state.raw<T | null>(null);
  error = $state.raw<CommandError | null>(null);
  /** True when nothing is shown yet and the read takes long. */
  slow = $state(false);

  #options: QueryOptions<T>;
  #asked = false;
  #reading: Promise<void> | null = null;
  #epoch = 0;

  constructor(options: QueryOptions<T>) {
    this.#options = options;
  }

  /** Reads again, once per frame however often it is asked. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    nextFrame(() => {
      if (!this.#asked) return;
      void this.read();
    });
  }

  /** Reads now; resolves when what is shown includes everything that was durable before the call. */
  async read(): Promise<void> {
    this.#asked = true;
    while (this.#reading) await this.#reading;
    if (!this.#asked) return;
    this.#asked = false;
    this.#reading = this.#load(this.#epoch).finally(() => (this.#reading = null));
    await this.#reading;
  }

  /** Forgets what is shown and every answer on its way. */
  reset(): void {
    this.#epoch += 1;
    this.#asked = false;
    this.data = null;
    this.error = null;
    this.slow = false;
  }

  async #load(epoch: number): Promise<void> {
    const timer = setTimeout(() => (this.slow = this.data === null), SLOW_MS);
    try {
      // Whoever asks decides when; what the question is made of asks nothing again.
      const answer = await untrack(() => this.#options.load());
      if (epoch !== this.#epoch || this.#isOlder(answer)) return;
      this.data = this.#options.take ? this.#options.take(answer, this.data) : answer;
      this.error = null;
    } catch (thrown) {
      if (epoch === this.#epoch) this.error = asCommandError(thrown);
    } finally {
      clearTimeout(timer);
      if (epoch === this.#epoch) this.slow = false;
    }
  }

  #isOlder(answer: T): boolean {
    const { version } = this.#options;
    return !!version && this.data !== null && version(answer) < version(this.data);
  }
}

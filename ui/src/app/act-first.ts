/**
 * What the agent just did is drawn before the news that it makes.
 *
 * ```text
 *   free ──begin──▶ acting ──end──▶ one frame ──▶ free: what was kept is heard
 *                      └──MOST_MS──▶ what was kept is heard, and what comes passes
 * ```
 *
 * Promises: no news are lost and their order stays; none wait longer than that, however long the desk takes to answer.
 */
import type { Notice } from '$lib/contract';
import { nextFrame } from '$lib/next-frame';

/** So long news wait at most, milliseconds. */
const MOST_MS = 250;

/** News after which something is read again; all others are heard at once. */
const WAITS: ReadonlySet<Notice['notice']> = new Set([
  'threads',
  'marked',
  'lists',
  'status',
  'presence',
]);

export class ActFirst {
  #acts = 0;
  #kept: Notice[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #hear: (notice: Notice) => void;

  constructor(hear: (notice: Notice) => void) {
    this.#hear = hear;
  }

  /** Something was done; what is returned is called once the desk answered and its answer is in the page. */
  begin(): () => void {
    this.#acts += 1;
    this.#timer ??= setTimeout(() => this.#free(), MOST_MS);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      // After the frame, not before it.
      nextFrame(() => setTimeout(() => this.#end()));
    };
  }

  /** Keeps these news for later; false when they are to be heard now. */
  keeps(notice: Notice): boolean {
    if (this.#timer === null || !WAITS.has(notice.notice)) return false;
    this.#kept.push(notice);
    return true;
  }

  #end(): void {
    this.#acts -= 1;
    if (this.#acts === 0) this.#free();
  }

  #free(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const notice of this.#kept.splice(0)) this.#hear(notice);
  }
}

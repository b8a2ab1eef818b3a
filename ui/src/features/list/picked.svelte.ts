/**
 * The rows that are picked for one act on all of them.
 *
 * ```text
 *   nothing ──x, Ctrl+click──▶ some ──Shift+click, Shift+arrows──▶ a run of rows, up to where one is
 *      ▲                        │
 *      └──Esc, another list─────┘
 * ```
 *
 * Promises: what was picked stays picked when it moves, changes or is let go by the list; there are never more than one
 * act takes. A run that is drawn anew replaces the run before it, and leaves alone what was picked besides.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { ThreadRef, ThreadRow } from '$lib/contract';

/** One act takes no more threads than these. */
export const MOST_PICKED = 500;

export class Picked {
  /** Each as it stood when it was picked. */
  #rows = new SvelteMap<ThreadRef, ThreadRow>();
  #mode = $state(false);
  /** Where a run begins. */
  #from: ThreadRef | null = null;
  /** What the last run picked. */
  #run: ThreadRef[] = [];
  /** More were to be picked than one act takes. */
  isFull = $state(false);

  /** Rows can be picked by a press on their face. */
  get on(): boolean {
    return this.#mode || this.size > 0;
  }

  get size(): number {
    return this.#rows.size;
  }

  get rows(): ThreadRow[] {
    return [...this.#rows.values()];
  }

  get threads(): ThreadRef[] {
    return [...this.#rows.keys()];
  }

  has(thread: ThreadRef): boolean {
    return this.#rows.has(thread);
  }

  /** Begins to pick, with nothing picked yet, or ends it. */
  toggleMode(): void {
    if (this.on) this.clear();
    else this.#mode = true;
  }

  /** Picks a row, or no longer; the next run begins there. */
  toggle(row: ThreadRow): void {
    this.#from = row.thread;
    this.#run = [];
    this.isFull = false;
    if (!this.#rows.delete(row.thread)) this.#add(row);
  }

  /** Picks all from where the run begins up to this row; `from`: where it begins when nobody said so yet. */
  upTo(thread: ThreadRef, rows: ThreadRow[], from: ThreadRef | null): void {
    this.#from ??= from ?? thread;
    const place = (of: ThreadRef | null) => rows.findIndex((row) => row.thread === of);
    const end = place(thread);
    if (end < 0) return;
    // Where it began may have left the list.
    const begin = place(this.#from) < 0 ? end : place(this.#from);
    for (const before of this.#run) this.#rows.delete(before);
    this.isFull = false;
    const run = rows.slice(Math.min(begin, end), Math.max(begin, end) + 1);
    // From where one began, so that what does not fit is what is farthest from there.
    if (end < begin) run.reverse();
    // What was picked by itself is no part of the run, save where it begins.
    this.#run = run.map((row) => row.thread).filter((one) => !this.has(one) || one === this.#from);
    for (const row of run) this.#add(row);
  }

  /** Picks all of these. */
  all(rows: ThreadRow[]): void {
    this.#run = [];
    this.isFull = false;
    for (const row of rows) this.#add(row);
  }

  clear(): void {
    this.#rows.clear();
    this.#mode = false;
    this.#from = null;
    this.#run = [];
    this.isFull = false;
  }

  #add(row: ThreadRow): void {
    if (this.has(row.thread) || this.size < MOST_PICKED) this.#rows.set(row.thread, row);
    else this.isFull = true;
  }
}

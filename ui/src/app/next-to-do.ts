/**
 * Who comes next when an agent goes on to the next thread that waits.
 *
 * Promises: each thread comes once in a round, in the order of the list that puts who needs a reply first: the urgent before
 * the others, by the longest wait; mine before nobody's. Whose time to be answered is over does not come. Where Meta just refused a reply, it comes
 * after all others: its agent was told. A round ends when nobody is left, and then the next begins. So one goes on, and
 * never to and fro between two.
 */
import type { ThreadRef, ThreadRow, View } from '$lib/contract';
import type { Answered } from './answered';

/** A page of those who need a reply, in that order. */
export type WaitingPage = { rows: ThreadRow[]; next: string | null };
type Read = (view: View, after: string | null) => Promise<WaitingPage>;
export type Found = { row: ThreadRow; view: View };

export class NextToDo {
  readonly #answered: Answered;
  /** Threads of this round, each as it stood when it was left: what is said since makes it new. */
  #visited = new Map<ThreadRef, number>();

  constructor(answered: Answered) {
    this.#answered = answered;
  }

  /** It was looked at in this round. */
  visit(row: ThreadRow): void {
    this.#visited.set(row.thread, row.lastMs);
  }

  /** The next thread besides this one in these views, the first view first; none when nobody else waits. */
  async find(
    views: View[],
    but: ThreadRef | null,
    nowMs: number,
    read: Read,
  ): Promise<Found | null> {
    const found = await this.#round(views, but, nowMs, read);
    if (found || this.#visited.size === 0) return found;
    this.#visited.clear();
    return this.#round(views, but, nowMs, read);
  }

  async #round(
    views: View[],
    but: ThreadRef | null,
    nowMs: number,
    read: Read,
  ): Promise<Found | null> {
    let last: Found | null = null;
    for (const view of views) {
      let after: string | null = null;
      do {
        const page: WaitingPage = await read(view, after);
        for (const row of page.rows) {
          if (row.thread === but || !this.#waits(row) || isShut(row, nowMs)) continue;
          const found = { row, view };
          if (row.outgoing !== 'refused') return found;
          last ??= found;
        }
        // Those who wait stand first.
        after = page.rows.at(-1)?.needsReply ? page.next : null;
      } while (after !== null);
    }
    return last;
  }

  #waits(row: ThreadRow): boolean {
    return this.#answered.stillWaits(row) && this.#visited.get(row.thread) !== row.lastMs;
  }
}

/** Whether nothing can be sent any more until the customer writes again, as far as a row tells. */
export function isShut(row: ThreadRow, nowMs: number): boolean {
  const until = Math.max(row.freeUntilMs ?? 0, row.lateUntilMs ?? 0);
  return until !== 0 && until <= nowMs;
}

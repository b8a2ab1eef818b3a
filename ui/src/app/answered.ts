/**
 * Who still waits for an answer, as far as this page knows: a thread that was just answered does not, although its
 * reply may still be queued, on its way, or not yet back from Meta.
 */
import type { ThreadRef, ThreadRow } from '$lib/contract';

const ON_ITS_WAY: ReadonlySet<ThreadRow['outgoing']> = new Set([
  'held',
  'queued',
  'waiting',
  'sending',
  'unknown',
]);

export class Answered {
  /** Since when the customer waited whom the last reply answers. */
  #waits = new Map<ThreadRef, number | null>();

  /** A reply to this thread was handed over. */
  add(row: ThreadRow): void {
    this.#waits.set(row.thread, row.waitingSinceMs);
  }

  /** Whether this agent, or nobody yet, has still to answer. */
  stillWaits(row: ThreadRow): boolean {
    if (!row.needsReply || !(row.mine || row.assignee === null)) return false;
    // A reply that came back lies in the composer again; a refused one never left.
    if (row.draft !== null) return true;
    if (row.outgoing === 'refused') {
      // Put aside it is no answer either.
      this.#waits.delete(row.thread);
      return true;
    }
    if (ON_ITS_WAY.has(row.outgoing)) return false;
    return !this.#waits.has(row.thread) || this.#waits.get(row.thread) !== row.waitingSinceMs;
  }
}

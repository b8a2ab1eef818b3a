/**
 * The threads beside the open one, read before anybody goes there: the frame that turns to one has its messages.
 *
 * ```text
 *   what is open was read ──▶ a frame ──▶ the one below ──▶ the one above
 *   a notice names one ──▶ forgotten ──QUIET_MS──▶ read again
 * ```
 *
 * Promises: what somebody goes to is read once more at once, so that nothing here is a truth of its own; while what is open is
 * on its way nothing is read here; no more is held than what a key leads to.
 */
import type { ThreadRef, ThreadView } from '$lib/contract';
import type { Host } from '$lib/host';
import { nextFrame } from '$lib/next-frame';

/** So long after news something is read again, milliseconds: where much is said, no more often than that. */
const QUIET_MS = 1_000;

export class Beside {
  readonly #host: Host;
  readonly #which: () => ThreadRef[];
  readonly #views = new Map<ThreadRef, ThreadView>();
  /** What is being read is kept only while nothing else began or was forgotten. */
  #round = 0;
  #later: ReturnType<typeof setTimeout> | null = null;

  /** `which`: where a key leads from what is open, the likeliest first. */
  constructor(host: Host, which: () => ThreadRef[]) {
    this.#host = host;
    this.#which = which;
  }

  /** What was read of a thread that is opened now; none where nothing was. */
  take(thread: ThreadRef): ThreadView | null {
    this.#round += 1;
    const view = this.#views.get(thread) ?? null;
    this.#views.delete(thread);
    return view;
  }

  /** Whether it would be there at once. */
  has(thread: ThreadRef): boolean {
    return this.#views.has(thread);
  }

  /** What is open was read: the others are, once it is drawn. */
  look(): void {
    const round = (this.#round += 1);
    nextFrame(() => setTimeout(() => void this.#read(round)));
  }

  /** Something happened, in these threads or in no matter which. */
  heard(threads: ThreadRef[] | 'any'): void {
    this.#round += 1;
    if (threads === 'any') this.#views.clear();
    else for (const thread of threads) this.#views.delete(thread);
    this.#later ??= setTimeout(() => {
      this.#later = null;
      this.look();
    }, QUIET_MS);
  }

  /** Nothing is read any more. */
  stop(): void {
    this.#round += 1;
    this.#views.clear();
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
  }

  async #read(round: number): Promise<void> {
    if (round !== this.#round) return;
    const which = this.#which();
    for (const thread of this.#views.keys())
      if (!which.includes(thread)) this.#views.delete(thread);
    for (const thread of which.filter((one) => !this.#views.has(one))) {
      try {
        const view = await this.#host.call('readAhead', { thread });
        if (round !== this.#round) return;
        this.#views.set(thread, view);
      } catch {
        // It is read when somebody goes there, and what is wrong is said then.
        return;
      }
    }
  }
}

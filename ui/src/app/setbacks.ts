/**
 * Tells the agent of replies, notes and acts that did not do what was meant with them, wherever the agent is by then.
 *
 * Promises: a notice stays until it was closed, its thread was opened, or what it says is not so any more; it comes again
 * after a restart until then; where the thread itself says it to somebody who looks, nothing is shown beside it.
 */
import type { Setback, ThreadRef, ThreadRow } from '$lib/contract';
import type { Host } from '$lib/host';
import type { Toasts } from '$lib/toasts.svelte';
import { words } from '$lib/words';

/** What of the page a setback needs. */
export type Around = {
  /** The thread that somebody looks at now. */
  seen: () => ThreadRef | null;
  open: (thread: ThreadRef) => void;
  /** What is known of a thread. */
  row: (thread: ThreadRef) => ThreadRow | null;
};

export class Setbacks {
  #host: Host;
  #toasts: Toasts;
  #around: Around;
  /** What is on the screen, and how to take it away. */
  #shown = new Map<string, { setback: Setback; drop: () => void }>();
  /** What was heard, while an answer of the host may still speak of it. */
  #heard = new Map<string, 'telling' | 'told'>();

  constructor(host: Host, toasts: Toasts, around: Around) {
    this.#host = host;
    this.#toasts = toasts;
    this.#around = around;
  }

  /** All that the agent was not told of yet, as the host says now. */
  hear(setbacks: Setback[]): void {
    const now = new Set(setbacks.map(({ part }) => part));
    for (const [part, { drop }] of this.#shown) if (!now.has(part)) drop();
    for (const setback of setbacks) {
      if (this.#heard.has(setback.part) || this.#shown.has(setback.part)) continue;
      if (setback.kind === 'notSent' && this.#around.seen() === setback.thread) this.#tell(setback);
      else this.#show(setback);
    }
    for (const [part, state] of this.#heard) if (state === 'told') this.#heard.delete(part);
  }

  /** Somebody looks at a thread: it says itself what came back there. */
  seen(thread: ThreadRef): void {
    for (const { setback, drop } of [...this.#shown.values()])
      if (setback.thread === thread && setback.kind === 'notSent') drop();
  }

  /** Whether it is so still: the text lies there unsent, or the thread is not done. */
  #holds({ thread, kind }: Setback): boolean | null {
    const row = this.#around.row(thread);
    if (!row) return null;
    if (kind === 'notDone') return row.status.status !== 'done';
    // Rows say nothing of notes, nor of what was refused.
    if (kind === 'notNoted' || kind === 'notSet') return null;
    return row.notSent || row.outgoing === 'refused';
  }

  #show(setback: Setback): void {
    const drop = this.#toasts.show({
      tone: 'bad',
      title: setback.name,
      text: [setback.words.what, setback.words.action].filter(Boolean).join(' '),
      stays: true,
      thread: setback.thread,
      holds: () => this.#holds(setback),
      acts: [{ label: words.common.open, run: () => this.#around.open(setback.thread) }],
      gone: () => {
        this.#shown.delete(setback.part);
        this.#tell(setback);
      },
    });
    this.#shown.set(setback.part, { setback, drop });
  }

  #tell({ part }: Setback): void {
    this.#heard.set(part, 'telling');
    // When this cannot be stored it is told again after a restart, which does no harm.
    const told = () => this.#heard.set(part, 'told');
    this.#host.call('toldOfSetback', { part }).then(told, told);
  }
}

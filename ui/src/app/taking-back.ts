/**
 * What was done and can be taken back: each with its toast, the last of them by a key.
 *
 * Promises: what is taken back is taken back once; a reply that left is offered no longer.
 */
import type { ThreadRef, ThreadRow } from '$lib/contract';
import { STAY_WITH_ACTS_MS } from '$lib/toasts.svelte';
import { words } from '$lib/words';
import type { Desk } from './desk.svelte';

export class TakingBack {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** `isSo`: whether the thread still stands as the act left it. */
  offer(
    text: string,
    thread: ThreadRef,
    isSo: (row: ThreadRow) => boolean,
    back: () => Promise<unknown>,
  ): void {
    const run = () => {
      this.#undo = null;
      drop();
      void this.#desk.actOn(thread, async () => void (await back()));
    };
    const drop = this.#desk.toasts.show({
      text,
      thread,
      holds: () => this.#desk.holds(thread, isSo),
      acts: [{ label: words.common.undo, run, key: 'Ctrl+Z' }],
    });
    this.#mayUndo(run);
  }

  /** Offers to take back what was about no one thread. */
  offerBack(toast: { text: string; tone?: 'plain' | 'bad' }, back: () => Promise<void>): void {
    const run = () => {
      this.#undo = null;
      drop();
      void this.#desk.act(back);
    };
    const acts = [{ label: words.common.undo, run, key: 'Ctrl+Z' }];
    const drop = this.#desk.toasts.show({ ...toast, acts });
    this.#mayUndo(run);
  }

  /** A reply that is kept back can be taken back into its composer, or let go at once. */
  offerReply(row: ThreadRow, parts: string[], holdMs: number): void {
    const each = (name: 'discardPart' | 'sendPartNow') =>
      this.#desk.actOn(row.thread, async () => {
        // What was pressed together is taken back, and let go, together.
        const [part] = parts;
        if (part !== undefined) await this.#desk.host.call(name, { part });
        if (name === 'discardPart') this.#desk.openThread(row.thread);
      });
    const end = () => {
      clearTimeout(timer);
      drop();
      if (this.#undo?.run === undo) this.#undo = null;
      this.#takeBacks = this.#takeBacks.filter((one) => one !== undo);
    };
    const undo = () => {
      end();
      void each('discardPart');
    };
    const now = () => {
      end();
      void each('sendPartNow');
    };
    const waits = this.#desk.waitsForRelay(row.account);
    const letGo = { label: words.thread.sendNow, run: now };
    const drop = this.#desk.toasts.show({
      text: waits ? words.composer.heldForRelay(row.name) : words.composer.held(row.name),
      heldMs: holdMs,
      // It may be let go, or taken back, where it stands in its thread, too.
      holds: () => {
        const now = this.#desk.rowOf(row.thread);
        return now && now.outgoing === 'held';
      },
      gone: () => end(),
      acts: [
        { label: words.common.undo, run: undo, key: 'Ctrl+Z' },
        // Without the relay nothing could be sent now.
        ...(waits ? [] : [letGo]),
      ],
    });
    const timer = setTimeout(end, holdMs);
    this.#takeBacks.push(undo);
    this.#mayUndo(undo);
  }

  /** The last act that can be taken back, and when it was done. */
  #undo: { run: () => void; atMs: number } | null = null;
  /** Takes each reply back that is kept back, the last one last. */
  #takeBacks: (() => void)[] = [];

  #mayUndo(run: () => void): void {
    this.#undo = { run, atMs: performance.now() };
  }

  /**
   * Takes back the last act that can be taken back, then the replies that are kept back still. False when there is none.
   * `isFresh`: only what was done a moment ago, where the key may mean something else too.
   */
  last(isFresh = false): boolean {
    if (this.#desk.held.undo()) return true;
    const last = this.#undo;
    const isOld = last !== null && performance.now() - last.atMs > STAY_WITH_ACTS_MS;
    const undo = last === null || (isFresh && isOld) ? this.#takeBacks.at(-1) : last.run;
    undo?.();
    return undo !== undefined;
  }
}

/**
 * Giving a thread away, held for five seconds so that it can be undone.
 *
 * Promises: at most one act is held; a second one lets the first go at once; closing the window lets it go
 * too; undone means never called.
 */
import type { ThreadRef } from '$lib/contract';

export const HOLD_MS = 5_000;

type Held = {
  run: () => void;
  timer: ReturnType<typeof setTimeout>;
  drop: () => void;
  /** The thread that it gives away, where it gives one away. */
  gives: ThreadRef | null;
};

export class HeldAct {
  #held: Held | null = null;

  /**
   * Holds the act. `show` draws its toast and returns how to take that away; `gives`: the thread that is given away by it.
   */
  hold(
    run: () => void,
    show: (undo: () => void, now: () => void) => () => void,
    gives: ThreadRef | null = null,
  ): void {
    this.flush();
    const timer = setTimeout(() => this.flush(), HOLD_MS);
    const drop = show(
      () => this.undo(),
      () => this.flush(),
    );
    this.#held = { run, timer, drop, gives };
  }

  /** Runs what is held, now. */
  flush(): void {
    this.#end()?.run();
  }

  /** Forgets what is held; false when nothing was. */
  undo(): boolean {
    return this.#end() !== null;
  }

  /** Somebody goes on working with this thread: it is not given away. False when it was not about to be. */
  keep(thread: ThreadRef): boolean {
    return this.#held?.gives === thread && this.undo();
  }

  #end(): Held | null {
    const held = this.#held;
    this.#held = null;
    if (held) clearTimeout(held.timer);
    held?.drop();
    return held;
  }
}

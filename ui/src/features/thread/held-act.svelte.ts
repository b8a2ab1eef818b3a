/**
 * Giving a thread away, held for five seconds so that it can be undone.
 *
 * Promises: at most one act is held; a second one lets the first go at once; closing the window lets it go
 * too; undone means never called.
 */
export const HOLD_MS = 5_000;

type Held = { run: () => void; timer: ReturnType<typeof setTimeout>; drop: () => void };

export class HeldAct {
  #held: Held | null = null;

  /** Holds the act. `show` draws its toast and returns how to take that away. */
  hold(run: () => void, show: (undo: () => void, now: () => void) => () => void): void {
    this.flush();
    const timer = setTimeout(() => this.flush(), HOLD_MS);
    const drop = show(
      () => this.undo(),
      () => this.flush(),
    );
    this.#held = { run, timer, drop };
  }

  /** Runs what is held, now. */
  flush(): void {
    this.#end()?.run();
  }

  /** Forgets what is held; false when nothing was. */
  undo(): boolean {
    return this.#end() !== null;
  }

  #end(): Held | null {
    const held = this.#held;
    this.#held = null;
    if (held) clearTimeout(held.timer);
    held?.drop();
    return held;
  }
}

/**
 * Waits until the pointer is still, so that nothing moves away under somebody who is about to click.
 *
 * Promises: what waits does not wait for ever, and does not wait where nobody points.
 */
/** So long without a move is still, milliseconds. */
export const STILL_MS = 700;
/** So long at most, milliseconds. */
export const MOST_MS = 5_000;

export class Still {
  #movedAt = -Infinity;
  readonly #matters: (target: EventTarget | null) => boolean;

  /** `matters`: whether a pointer there could be about to click what would move; anywhere, if nothing is said. */
  constructor(matters: (target: EventTarget | null) => boolean = () => true) {
    this.#matters = matters;
  }

  /** Begins to look, until the returned function is called. */
  watch(): () => void {
    const moved = ({ target }: Event) => {
      this.#movedAt = this.#matters(target) ? performance.now() : -Infinity;
    };
    const left = () => void (this.#movedAt = -Infinity);
    window.addEventListener('pointermove', moved, true);
    window.addEventListener('pointerdown', moved, true);
    document.documentElement.addEventListener('pointerleave', left);
    return () => {
      window.removeEventListener('pointermove', moved, true);
      window.removeEventListener('pointerdown', moved, true);
      document.documentElement.removeEventListener('pointerleave', left);
    };
  }

  /**
   * Runs once the pointer is still, unless the returned function is called before; at once where nothing moves by it.
   */
  when(run: () => void, moves = true, since = performance.now()): () => void {
    const now = performance.now();
    const left = Math.min(STILL_MS - (now - this.#movedAt), MOST_MS - (now - since));
    if (!moves || left <= 0) {
      run();
      return () => {};
    }
    let stop = () => {};
    const timer = setTimeout(() => (stop = this.when(run, moves, since)), left);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }
}

/**
 * Whether somebody's hand is at the list, so that nothing may move there. Pure.
 *
 * ```text
 *   away ──pointer comes or moves──▶ over ──pointer leaves, or a key──▶ away
 *   over ──button goes down──▶ pressing ──button goes up──▶ over, or away when the pointer left meanwhile
 * ```
 *
 * After a key the hand is away until the pointer really moves: what scrolls beneath a pointer at rest makes browsers
 * tell of moves that nobody made.
 */
export type Spot = { x: number; y: number };

export class Hand {
  #over = false;
  #pressing = false;
  #last: Spot | null = null;

  get holds(): boolean {
    return this.#over || this.#pressing;
  }

  moved(to: Spot): void {
    if (this.#last?.x === to.x && this.#last.y === to.y) return;
    this.#last = to;
    this.#over = true;
  }

  down(): void {
    this.#over = true;
    this.#pressing = true;
  }

  up(): void {
    this.#pressing = false;
  }

  left(): void {
    this.#over = false;
    this.#last = null;
  }

  /** A key says that the eyes are elsewhere; a press that is under way goes on. */
  typed(): void {
    this.#over = false;
  }
}

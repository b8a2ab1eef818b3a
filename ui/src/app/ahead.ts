/**
 * Letters that are typed while the next thread is being found.
 *
 * Promises: from the moment an agent asks to go on, letters are no keys of the list and no text for the customer who
 * is left; they wait in a field of their own for the composer of the thread that comes.
 */
export class Ahead {
  #box: HTMLTextAreaElement | null = null;

  /** The field, while it is on the page. */
  hold(box: HTMLTextAreaElement): () => void {
    this.#box = box;
    return () => (this.#box = null);
  }

  /** From now on letters go to the field. */
  begin(): void {
    this.#box?.focus({ preventScroll: true });
  }

  /** Whether they still do. */
  get holds(): boolean {
    return this.#box !== null && document.activeElement === this.#box;
  }

  /** What was typed there since; the field is empty afterwards. */
  take(): string {
    const text = this.#box?.value ?? '';
    if (this.#box) this.#box.value = '';
    return text;
  }
}

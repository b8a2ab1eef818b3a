/**
 * Short words at the bottom of the page: what was done, with a way back where there is one.
 *
 * Promises: one that offers an act stays at least until its end; none takes the focus.
 */
export type ToastAct = { label: string; run: () => void; key?: string };

export type Toast = {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  acts: ToastAct[];
  /** When something happens by itself at its end: milliseconds it takes. */
  heldMs: number | null;
};

const STAY_MS = 6_000;
const STAY_BAD_MS = 12_000;

export class Toasts {
  shown = $state.raw<Toast[]>([]);
  #next = 1;

  /** Shows one; the returned function takes it away. */
  show(toast: Partial<Toast> & { text: string }): () => void {
    const id = this.#next++;
    const full: Toast = { tone: 'plain', acts: [], heldMs: null, ...toast, id };
    this.shown = [...this.shown.slice(-2), full];
    const drop = () => this.drop(id);
    if (full.heldMs === null) setTimeout(drop, full.tone === 'bad' ? STAY_BAD_MS : STAY_MS);
    return drop;
  }

  drop(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

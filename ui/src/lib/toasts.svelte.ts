/**
 * Short words at the bottom of the page: what was done, with a way back where there is one.
 *
 * Promises: one that offers an act stays at least until its end; one that has to be heard stays until it was
 * answered, however many come after it; none takes the focus.
 */
export type ToastAct = { label: string; run: () => void; key?: string };

export type Toast = {
  id: number;
  /** What it is about, before the words. */
  title: string | null;
  text: string;
  tone: 'plain' | 'bad';
  acts: ToastAct[];
  /** When something happens by itself at its end: milliseconds it takes. */
  heldMs: number | null;
  /** It goes only when somebody answers it. */
  stays: boolean;
  /** Called once when it went, however it went. */
  gone: () => void;
};

const STAY_MS = 6_000;
const STAY_BAD_MS = 12_000;
/** What can be taken back stays long enough to be read and thought about. */
const STAY_WITH_ACTS_MS = 10_000;
/** So many that go by themselves, and so many that stay, are on the screen at once. */
const MOST = 3;

export class Toasts {
  #all = $state.raw<Toast[]>([]);
  #next = 1;

  /** Those that stay first come first; of the others the newest are seen. */
  get shown(): Toast[] {
    const staying = this.#all.filter((toast) => toast.stays).slice(0, MOST);
    const passing = this.#all.filter((toast) => !toast.stays).slice(-MOST);
    return [...staying, ...passing];
  }

  /** Shows one; the returned function takes it away. */
  show(toast: Partial<Toast> & { text: string }): () => void {
    const id = this.#next++;
    const full: Toast = {
      title: null,
      tone: 'plain',
      acts: [],
      heldMs: null,
      stays: false,
      gone: () => {},
      ...toast,
      id,
    };
    this.#all = [...this.#all, full];
    const drop = () => this.drop(id);
    if (full.heldMs === null && !full.stays) setTimeout(drop, stayMs(full));
    return drop;
  }

  drop(id: number): void {
    const toast = this.#all.find((one) => one.id === id);
    this.#all = this.#all.filter((one) => one.id !== id);
    toast?.gone();
  }
}

function stayMs({ tone, acts }: Toast): number {
  if (tone === 'bad') return STAY_BAD_MS;
  return acts.length > 0 ? STAY_WITH_ACTS_MS : STAY_MS;
}

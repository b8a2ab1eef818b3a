/**
 * Short words at the bottom of the page: what was done, with a way back where there is one.
 *
 * Promises: one that offers an act stays at least until its end; one that has to be heard stays until it was answered,
 * however many come after it; none takes the focus; none outlives what it says. One about a thread that says the same
 * itself goes when that thread is opened, one about what is on the screen when something else is, one about how things
 * stand when they stand otherwise.
 */
import type { ThreadRef } from './contract';

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
  /** When it began, by the page's clock: one that gave way to others and comes back has that much less left. */
  sinceMs: number;
  /** It goes only when somebody answers it, or when it is not so any more. */
  stays: boolean;
  /** The thread that it speaks of, where that thread says the same to whoever opens it. */
  thread: ThreadRef | null;
  /** It speaks of what is on the screen now, and means nothing once another thread is. */
  here: boolean;
  /** Whether what it says is so; null where nobody can know. */
  holds: () => boolean | null;
  /** Called once when it went, however it went. */
  gone: () => void;
};

const STAY_MS = 6_000;
const STAY_BAD_MS = 12_000;
/** What can be taken back stays long enough to be read and thought about. */
export const STAY_WITH_ACTS_MS = 10_000;
/** So many that go by themselves, and so many that stay, are on the screen at once. */
const MOST = 3;

/** What is remembered of one besides. */
type Kept = Toast & {
  /** What it says was so once. */
  wasSo: boolean;
  /** Its time ended while somebody pointed at one. */
  isDue: boolean;
};

export class Toasts {
  #all = $state.raw<Kept[]>([]);
  #next = 1;
  #isPointedAt = false;

  /** Those that stay first come first; of the others the newest are seen. */
  get shown(): Toast[] {
    const staying = this.#all.filter((toast) => toast.stays).slice(0, MOST);
    const passing = this.#all.filter((toast) => !toast.stays).slice(-MOST);
    return [...staying, ...passing];
  }

  /** Shows one, in the place of one that says the very same; the returned function takes it away. */
  show(toast: Partial<Toast> & { text: string }): () => void {
    const id = this.#next++;
    const full: Kept = {
      title: null,
      tone: 'plain',
      acts: [],
      heldMs: null,
      sinceMs: performance.now(),
      stays: false,
      thread: null,
      here: false,
      holds: () => null,
      gone: () => {},
      ...toast,
      id,
      wasSo: false,
      isDue: false,
    };
    const again = this.#all.filter((one) => saysTheSame(one, full));
    this.#all = [...this.#all, full];
    for (const one of again) this.drop(one.id);
    if (full.heldMs === null && !full.stays) setTimeout(() => this.#pass(full), stayMs(full));
    return () => this.drop(id);
  }

  drop(id: number): void {
    const toast = this.#all.find((one) => one.id === id);
    this.#all = this.#all.filter((one) => one.id !== id);
    // What goes from under a pointer may never be left by it.
    if (this.#all.length === 0) this.#isPointedAt = false;
    toast?.gone();
  }

  /** Another thread is on the screen now. */
  opened(thread: ThreadRef): void {
    for (const toast of this.#all) if (toast.here || toast.thread === thread) this.drop(toast.id);
  }

  /**
   * Takes away what is not so any more. One that tells of an act is ahead of what is known until that was read anew, so
   * only what was so before can have ended.
   */
  review(): void {
    for (const toast of this.#all) {
      const isSo = toast.holds();
      if (isSo === false && toast.wasSo) this.drop(toast.id);
      toast.wasSo ||= isSo === true;
    }
  }

  /** While somebody points at one, none goes because of its time. */
  point(at: boolean): void {
    this.#isPointedAt = at;
    if (!at) for (const { id, isDue } of this.#all) if (isDue) this.drop(id);
  }

  #pass(toast: Kept): void {
    if (this.#isPointedAt) toast.isDue = true;
    else this.drop(toast.id);
  }
}

/** Both only tell something, and the same. */
function saysTheSame(one: Toast, other: Toast): boolean {
  const onlyTells = (toast: Toast) => !toast.stays && toast.heldMs === null;
  return onlyTells(one) && onlyTells(other) && one.text === other.text && one.title === other.title;
}

function stayMs({ tone, acts }: Toast): number {
  if (tone === 'bad') return STAY_BAD_MS;
  return acts.length > 0 ? STAY_WITH_ACTS_MS : STAY_MS;
}

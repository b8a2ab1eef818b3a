/**
 * Going to a message that another one answers.
 *
 * Promises: older items are read until it is there, and not for ever; it is marked for a moment, so that the eye
 * finds it; one jump at a time.
 */
import { tick } from 'svelte';

/** How long the mark stays. */
export const MARK_MS = 1_600;
/** The same for what was searched: its reader comes from another place, and is still on the way. */
export const FOUND_MS = 6_000;
/** So many pages of older items are read at most. */
const MOST_PAGES = 40;

type Around = {
  /** The item, when it is drawn. */
  find: (key: string) => Element | null;
  /** Brings it into sight. */
  show: (item: Element) => void;
  /** Reads older items; false when there are none. */
  older: () => Promise<boolean>;
  /** It was not found. */
  missing: () => void;
};

export class Jump {
  /** The item that was jumped to a moment ago. */
  found = $state<string | null>(null);
  #around: Around;
  #going = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  async to(key: string, markMs = MARK_MS): Promise<void> {
    if (this.#going) return;
    this.#going = true;
    try {
      const item = await this.#read(key);
      if (!item) return this.#around.missing();
      this.#around.show(item);
      this.#mark(key, markMs);
    } finally {
      this.#going = false;
    }
  }

  async #read(key: string): Promise<Element | null> {
    for (let page = 0; page <= MOST_PAGES; page += 1) {
      const item = this.#around.find(key);
      if (item) return item;
      if (!(await this.#around.older())) return null;
      await tick();
    }
    return null;
  }

  /** Takes the mark away. */
  forget(): void {
    clearTimeout(this.#timer);
    this.found = null;
  }

  #mark(key: string, markMs: number): void {
    clearTimeout(this.#timer);
    this.found = key;
    this.#timer = setTimeout(() => (this.found = null), markMs);
  }
}

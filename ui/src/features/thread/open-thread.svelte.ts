/**
 * The one thread that is open: what it shows, where new begins, and when it counts as read.
 *
 * Promises: it is marked read only while somebody looks; the *new* line stays where reading stopped until
 * we answered; older answers of the host never replace younger ones. Whatever is shown is true a moment after
 * a notice, however far up somebody scrolled:
 *
 * ```text
 *   notice ──▶ newest page ──▶ is there more above it? ──▶ piece ──▶ piece ──▶ … ──▶ in its place
 *                                                           one at a time, from the newest end
 * ```
 *
 * That costs what was scrolled to, never what the thread holds.
 */
import type { Item, ItemPage, ThreadRef, ThreadRow, ThreadView } from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { aboveOf, itemKey, merged, reaches, withAbove, withOlder, type Above } from './merge';

/** How many messages one scroll up reads, and one piece of what is read again. */
const PAGE = 60;
const PIECE = 200;
/** Past this many items the ones scrolled past are let go at the bottom. */
const KEEP = 400;

export class OpenThread {
  readonly thread: ThreadRef;
  readonly query: Query<ThreadView>;
  /** Key of the first item after the *new* line. */
  newFrom = $state<string | null>(null);
  readingOlder = $state(false);

  #host: Host;
  #attention: () => boolean;
  #opened = false;
  #keepUnread = false;
  /** The next answer replaces what was scrolled to. */
  #letGo = false;
  /** The row that was marked read; a newer one is marked anew. */
  #marked: ThreadRow | null = null;
  /** What stands above the newest page and may have changed, with the place that the page begins at. */
  #stale: (Above & { before: string }) | null = null;
  #freshening = false;

  constructor(host: Host, thread: ThreadRef, attention: () => boolean) {
    this.thread = thread;
    this.#host = host;
    this.#attention = attention;
    this.query = new Query<ThreadView>({
      load: () => host.call('openThread', { thread }),
      version: (view) => view.storeVersion,
      take: (fresh, before) => this.#take(fresh, before),
    });
  }

  get view(): ThreadView | null {
    return this.query.data;
  }

  /** Reads the items before the oldest shown. */
  async older(): Promise<void> {
    const before = this.view?.older;
    if (!before || this.readingOlder) return;
    this.readingOlder = true;
    try {
      const page = await this.#items(before, PAGE);
      const view = this.view;
      if (view?.older === before) this.query.data = withOlder(view, page.items, page.older);
    } catch {
      // What is shown stays; scrolling up asks again.
    } finally {
      this.readingOlder = false;
    }
  }

  #items(before: string, limit: number): Promise<ItemPage> {
    return this.#host.call('olderItems', { thread: this.thread, before, limit });
  }

  /** Reads again what stands above the newest page, until nothing there may have changed since. */
  async #freshen(): Promise<void> {
    if (this.#freshening) return;
    this.#freshening = true;
    try {
      while (this.#stale) {
        const stale = this.#stale;
        this.#stale = null;
        const read = await this.#readAbove(stale);
        if (this.view) this.query.data = withAbove(this.view, stale, read) ?? this.view;
      }
    } catch {
      // What is shown stays; the next notice asks again.
    } finally {
      this.#freshening = false;
    }
  }

  async #readAbove(above: Above & { before: string }): Promise<Item[]> {
    let read: Item[] = [];
    for (let before: string | null = above.before; before !== null;) {
      const page: ItemPage = await this.#items(before, PIECE);
      read = [...page.items, ...read];
      before = reaches(page.items, above) ? null : page.older;
    }
    return read;
  }

  /** Somebody is at the newest end: lets go of what was scrolled past long ago. */
  atBottom(): void {
    if ((this.view?.items.length ?? 0) > KEEP) {
      this.#letGo = true;
      void this.query.read();
    }
  }

  /** Marks the thread read when somebody looks at it and it is not. */
  noticeAttention(): void {
    const row = this.view?.row;
    if (!row || row.unread === 0 || this.#keepUnread || !this.#attention()) return;
    if (this.#marked === row) return;
    this.#marked = row;
    this.#host.call('mark', { thread: this.thread, read: true }).catch(() => {});
  }

  /** Marks it unread, and leaves it so while it stays open. */
  async markUnread(): Promise<void> {
    this.#keepUnread = true;
    await this.#host.call('mark', { thread: this.thread, read: false });
  }

  #take(fresh: ThreadView, before: ThreadView | null): ThreadView {
    const unseen = !this.#opened || !this.#attention();
    if (unseen && this.newFrom === null) this.newFrom = fresh.firstUnread;
    this.#opened = true;
    const view = merged(fresh, this.#letGo ? null : before);
    this.#letGo = false;
    const above = aboveOf(view, fresh);
    this.#stale = above && fresh.older ? { ...above, before: fresh.older } : null;
    if (this.#weAnswered(view)) this.newFrom = null;
    queueMicrotask(() => {
      this.noticeAttention();
      void this.#freshen();
    });
    return view;
  }

  #weAnswered(view: ThreadView): boolean {
    if (this.newFrom === null) return false;
    const from = view.items.findIndex((item) => itemKey(item) === this.newFrom);
    if (from < 0) return false;
    return view.items
      .slice(from)
      .some((item) => item.item === 'message' && ['me', 'colleague'].includes(item.message.author));
  }
}

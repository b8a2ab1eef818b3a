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
 *
 * Somebody may go to a message far back: then the thread shows a stretch of its past instead, which grows at both ends
 * and becomes the thread's end again once the two meet.
 */
import type { Item, ItemPage, ItemStretch, ThreadRef, ThreadRow, ThreadView } from '$lib/contract';
import type { Draft } from '$features/composer/draft.svelte';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import {
  aboveOf,
  itemKey,
  merged,
  met,
  reaches,
  withAbove,
  withNewer,
  withOlder,
  type Above,
} from './merge';

/** How many messages one scroll up reads, and one piece of what is read again. */
const PAGE = 60;
const PIECE = 200;
/** How much is read around a message that somebody goes to, on each side. */
const AROUND = 30;
/** Past this many items the ones scrolled past are let go at the bottom. */
const KEEP = 400;

/** A stretch of the past, around the message at a place. */
export type Past = Pick<ItemStretch, 'items' | 'older' | 'newer'> & { at: string };

export class OpenThread {
  readonly thread: ThreadRef;
  readonly query: Query<ThreadView>;
  /** Key of the first item after the *new* line. */
  newFrom = $state<string | null>(null);
  readingOlder = $state(false);
  /** What is shown instead of the newest items, while somebody looks far back. */
  past = $state.raw<Past | null>(null);
  /** The place of a message that somebody wants to see; whoever draws the thread goes there. */
  wantedAt = $state.raw<string | null>(null);
  #readingNewer = false;
  #freshenPastAgain = false;
  #freshensPast = false;

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

  /** When the answer that comes next was asked for, as the draft counts it. */
  #asked: number | null = null;

  constructor(host: Host, thread: ThreadRef, attention: () => boolean, draft?: Draft) {
    this.thread = thread;
    this.#host = host;
    this.#attention = attention;
    this.query = new Query<ThreadView>({
      load: () => {
        this.#asked = draft?.reading() ?? null;
        return host.call('openThread', { thread });
      },
      version: (view) => view.storeVersion,
      take: (fresh, before) => {
        draft?.hear(fresh.composer, this.#asked);
        return this.#take(fresh, before);
      },
    });
  }

  get view(): ThreadView | null {
    return this.query.data;
  }

  /** The thread as it is shown: at its end, or somewhere in its past. */
  get shown(): ThreadView | null {
    const { view, past } = this;
    return view && past ? { ...view, items: past.items, older: past.older } : view;
  }

  /** Goes to the message at this place, once the thread is on the screen. */
  lookAt(at: string): void {
    this.wantedAt = at;
  }

  /** Reads what stands around a message, and gives its key; none when it is not there any more. */
  async around(at: string): Promise<string | null> {
    const stretch = await this.#stretch(at, AROUND, AROUND);
    const { view } = this;
    if (stretch.key === null || !view) return null;
    if (view.items.some((item) => itemKey(item) === stretch.key)) this.past = null;
    else this.#showPast({ ...stretch, at });
    return stretch.key;
  }

  #stretch(at: string, before: number, after: number): Promise<ItemStretch> {
    return this.#host.call('itemsAround', { thread: this.thread, at, before, after });
  }

  /** A stretch that reaches the newest items is no past any more. */
  #showPast(past: Past): void {
    const { view } = this;
    if (!view) return;
    const joined = met(view, past.items, past.older);
    if (joined) this.query.data = joined;
    else if (past.newer === null) {
      this.query.data = { ...view, items: past.items, older: past.older };
      this.query.ask();
    }
    this.past = joined || past.newer === null ? null : past;
  }

  /** Reads the items after the newest shown, where these are not the newest of all. */
  async newer(): Promise<void> {
    const after = this.past?.newer;
    if (!after || this.#readingNewer) return;
    this.#readingNewer = true;
    try {
      const page = await this.#host.call('newerItems', { thread: this.thread, after, limit: PAGE });
      const { past } = this;
      if (past?.newer === after)
        this.#showPast({ ...past, items: withNewer(past.items, page.items), newer: page.newer });
    } catch {
      // What is shown stays; scrolling down asks again.
    } finally {
      this.#readingNewer = false;
    }
  }

  /** Back to the newest items. */
  toNow(): void {
    this.past = null;
  }

  /** Something may have changed in the past that is shown. */
  async #freshenPast(): Promise<void> {
    this.#freshenPastAgain = true;
    if (this.#freshensPast) return;
    this.#freshensPast = true;
    try {
      while (this.#freshenPastAgain && this.past) {
        this.#freshenPastAgain = false;
        const { past } = this;
        const half = Math.min(PIECE, Math.max(AROUND, past.items.length));
        const stretch = await this.#stretch(past.at, half, half);
        if (this.past === past) this.#showPast({ ...stretch, at: past.at });
        else this.#freshenPastAgain = true;
      }
    } catch {
      // What is shown stays; the next notice asks again.
    } finally {
      this.#freshensPast = false;
    }
  }

  /** Reads the items before the oldest shown. */
  async older(): Promise<void> {
    const before = this.shown?.older;
    if (!before || this.readingOlder) return;
    this.readingOlder = true;
    try {
      const page = await this.#items(before, PAGE);
      const { view, past } = this;
      if (past?.older === before) this.past = withOlder(past, page.items, page.older);
      else if (!past && view?.older === before)
        this.query.data = withOlder(view, page.items, page.older);
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

  /** Somebody answered here, and so has read: a mark that was set by hand is over. */
  answered(): void {
    this.#keepUnread = false;
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
      if (this.past) void this.#freshenPast();
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

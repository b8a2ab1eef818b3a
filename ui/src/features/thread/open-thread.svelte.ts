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
 * Somebody may go to a message far back, or scroll up for long: then the thread shows a stretch of its past instead,
 * which grows at both ends and becomes the thread's end again once the two meet. However long a thread is, so many
 * items are held and no more: what grows at one end lets go at the other.
 */
import type {
  Item,
  ItemPage,
  ItemStretch,
  SendReceipt,
  ThreadRef,
  ThreadRow,
  ThreadView,
} from '$lib/contract';
import type { Asked, Written } from '$features/composer/drafts';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import {
  aboveOf,
  isApart,
  itemKey,
  merged,
  met,
  reaches,
  since,
  withAbove,
  withNewer,
  withOlder,
  withoutHead,
  withoutTail,
  type Above,
} from './merge';

/** How many messages one scroll up reads, and one piece of what is read again. */
const PAGE = 60;
const PIECE = 200;
/** How much is read around a message that somebody goes to, on each side. */
const AROUND = 30;
/** More items are not held; then the ones that are furthest from what is read are let go. */
export const MOST = 360;
const KEEP = 300;

/** A stretch of the past; newer items begin where it ends. */
export type Past = Pick<ItemStretch, 'items' | 'older'> & { newer: string };

export class OpenThread {
  readonly thread: ThreadRef;
  readonly query: Query<ThreadView>;
  /** Key of the first item after the *new* line, and its place. */
  newFrom = $state<string | null>(null);
  newAt: string | null = null;
  /** Whether the newest items are in sight; told by whoever draws the thread. */
  atEnd = true;
  readingOlder = $state(false);
  /** What is shown instead of the newest items, while somebody looks far back. */
  past = $state.raw<Past | null>(null);
  /** The place of a message that somebody wants to see; whoever draws the thread goes there. */
  wantedAt = $state.raw<string | null>(null);
  #readingNewer = false;
  #freshenPastAgain = false;
  #freshensPast = false;

  /** Somebody has read what the customer wrote. */
  read: () => void = () => {};

  #host: Host;
  #attention: () => boolean;
  #opened = false;
  #keepUnread = false;
  /** The row that was marked read; a newer one is marked anew. */
  #marked: ThreadRow | null = null;
  /** The version of the store that has the mark, once it is set; none when what is shown may be from before it. */
  #marking: Promise<number | null> = Promise.resolve(null);
  /** What stands above the newest page and may have changed, with the place that the page begins at. */
  #stale: (Above & { before: string }) | null = null;
  #freshening = false;

  /** When the answer that comes next was asked for, as the drafts count it. */
  #asked: Asked | null = null;

  /** `ahead`: what was read of it before it was opened, shown until it is read now. */
  constructor(
    host: Host,
    thread: ThreadRef,
    attention: () => boolean,
    written?: Written,
    ahead: ThreadView | null = null,
  ) {
    this.thread = thread;
    this.#host = host;
    this.#attention = attention;
    this.query = new Query<ThreadView>({
      load: () => {
        this.#asked = written?.reading() ?? null;
        return host.call('openThread', { thread });
      },
      version: (view) => view.storeVersion,
      take: (fresh, before) => {
        if (this.#asked) written?.hear(fresh.composer, this.#asked);
        return this.#take(fresh, before);
      },
    });
    if (ahead) this.#newFrom(ahead);
    this.query.data = ahead;
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
    return this.#goTo(stretch)?.key ?? null;
  }

  /** Reads what was said at a moment and around it; gives the key and the time of the first message from then on. */
  async aroundMoment(fromMs: number): Promise<{ key: string; atMs: number } | null> {
    const { thread } = this;
    const around = { thread, fromMs, before: AROUND, after: AROUND };
    return this.#goTo(await this.#host.call('itemsFrom', around));
  }

  #goTo(stretch: ItemStretch): { key: string; atMs: number } | null {
    const { view } = this;
    const { key, keyMs } = stretch;
    if (key === null || !view) return null;
    if (view.items.some((item) => itemKey(item) === key)) this.past = null;
    else this.#showPast(stretch);
    return { key, atMs: keyMs ?? 0 };
  }

  #stretch(at: string, before: number, after: number): Promise<ItemStretch> {
    return this.#host.call('itemsAround', { thread: this.thread, at, before, after });
  }

  /** A stretch that reaches the newest items is no past any more. */
  #showPast({ items, older, newer }: Pick<ItemStretch, 'items' | 'older' | 'newer'>): void {
    const { view } = this;
    if (!view) return;
    const joined = met(view, items, older);
    if (joined) this.query.data = withoutOld(joined);
    else if (newer === null) {
      this.query.data = withoutOld({ ...view, items, older });
      this.query.ask();
    }
    this.past = joined || newer === null ? null : withoutOld({ items, older, newer });
  }

  /** Somebody reads far above the end: what is there becomes the past, and the newest items are kept aside. */
  #intoPast(view: ThreadView): ThreadView {
    const shown = withoutTail(view.items, KEEP);
    const newest = withoutHead(view.items, PAGE);
    if (!shown || !newest) return view;
    this.past = { ...shown, older: view.older };
    return { ...view, ...newest };
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
        const from = past.items[0];
        if (!from) return;
        const end = await this.#stretch(past.newer, PIECE, 1);
        const above = { from, to: '' };
        const more = end.older !== null && !reaches(end.items, above);
        const rest = more ? await this.#readAbove({ ...above, before: end.older! }) : [];
        const items = since([...rest, ...end.items], from);
        if (this.past !== past) this.#freshenPastAgain = true;
        else if (items.length > 0) this.#showPast({ ...past, items, newer: end.newer });
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
      if (past?.older === before) {
        const longer = withOlder(past, page.items, page.older);
        const cut = longer.items.length > MOST ? withoutTail(longer.items, KEEP) : null;
        this.past = { ...longer, ...cut };
      } else if (!past && view?.older === before) {
        const longer = withOlder(view, page.items, page.older);
        this.query.data = longer.items.length > MOST ? this.#intoPast(longer) : longer;
      }
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

  /** Marks the thread read when somebody looks at it and it is not. */
  noticeAttention(): void {
    const row = this.view?.row;
    if (!row || (row.unread === 0 && !row.mentioned)) return;
    if (this.#keepUnread || !this.#attention()) return;
    if (this.#marked === row) return;
    this.#marked = row;
    this.#marking = this.#markRead(row);
    if (row.unread > 0) this.read();
  }

  async #markRead(row: ThreadRow): Promise<number | null> {
    try {
      const { storeVersion } = await this.#host.call('mark', { thread: this.thread, read: true });
      // What was read since may have come after the mark.
      const { view } = this;
      if (view?.row !== row) return null;
      this.query.data = { ...view, row: { ...row, unread: 0, mentioned: false } };
      return storeVersion;
    } catch {
      return null;
    }
  }

  /** Its read mark was moved, and nothing else of it changed. What this page did itself is shown without another read. */
  async heardMarked(storeVersion: number): Promise<void> {
    if ((await this.#marking) !== storeVersion) this.query.ask();
  }

  /**
   * Somebody answered here, and so has read: a mark that was set by hand is over. The reply is on disk, and stands here
   * before all of the thread is read again.
   */
  answered({ items, storeVersion }: Pick<SendReceipt, 'items' | 'storeVersion'>): void {
    this.#keepUnread = false;
    const { view } = this;
    if (!view || view.storeVersion >= storeVersion || items.length === 0) return;
    // What was read before the reply does not take it away again.
    this.query.data = { ...view, items: withNewer(view.items, items), storeVersion };
    if (this.#weAnswered(this.query.data)) this.newFrom = null;
  }

  /** Marks it unread, and leaves it so while it stays open. */
  async markUnread(): Promise<void> {
    this.#keepUnread = true;
    await this.#host.call('mark', { thread: this.thread, read: false });
  }

  #take(fresh: ThreadView, before: ThreadView | null): ThreadView {
    if (!this.#opened || (this.newFrom === null && !this.#attention())) this.#newFrom(fresh);
    this.#opened = true;
    // More arrived at once than a page holds: somebody who reads far up goes on reading there.
    if (!this.past && !this.atEnd && before && isApart(fresh, before)) this.past = asPast(before);
    const whole = merged(fresh, this.past ? null : before);
    const isLong = whole.items.length > MOST;
    const view = !isLong ? whole : this.atEnd ? withoutOld(whole) : this.#intoPast(whole);
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

  #newFrom({ firstUnread, firstUnreadAt }: ThreadView): void {
    this.newFrom = firstUnread;
    this.newAt = firstUnreadAt;
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

/** The items of a thread without the end that they once were. */
function asPast({ items, older }: ThreadView): Past | null {
  const last = items.findLastIndex(
    (item) => item.item === 'message' && item.message.place !== null,
  );
  const end = items[last];
  const newer = end?.item === 'message' ? end.message.place : null;
  return newer === null ? null : { items: items.slice(0, last + 1), older, newer };
}

/** Without the oldest items, when there are too many. */
function withoutOld<T extends { items: Item[]; older: string | null }>(all: T): T {
  return all.items.length > MOST ? { ...all, ...withoutHead(all.items, KEEP) } : all;
}

/**
 * The thread list: which view, which rows, how far they are read, in which order they stand.
 *
 * Promises: what is on screen is read again on each notice; rows further down are let go and read again
 * when somebody scrolls there; the row under the pointer does not move (see `arrange`).
 */
import type { Settings } from '../../app/settings.svelte';
import type { Sort, ThreadPage, ThreadRef, ThreadRow, View, ViewCounts } from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { arrange, type Pointing } from './arrange';

const PAGE = 100;
const MOST = 200;
/** How long the pointer must be still before the others may move around it, milliseconds. */
const REST_MS = 2_000;

export class ThreadList {
  view = $state<View>('mine');
  account = $state<string | null>(null);
  rows = $state.raw<ThreadRow[]>([]);
  moved = $state(0);
  /** The index after the last row in sight, told by the list. */
  seenTo = $state(0);

  query: Query<ThreadPage>;
  #host: Host;
  #settings: Settings;
  #pointing: Pointing = { at: 'away' };
  #rest: ReturnType<typeof setTimeout> | null = null;
  #more = false;

  constructor(host: Host, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
    this.query = new Query<ThreadPage>({
      load: () => this.#load(),
      take: (page) => {
        this.#arrange(page.rows);
        return page;
      },
    });
  }

  get sort(): Sort {
    return this.#settings.values.sort[this.view] ?? 'newest';
  }

  get counts(): ViewCounts | null {
    return this.query.data?.counts ?? null;
  }

  show(view: View): void {
    if (view === this.view) return;
    this.view = view;
    this.#again();
  }

  only(account: string | null): void {
    if (account === this.account) return;
    this.account = account;
    this.#again();
  }

  sortBy(sort: Sort): void {
    this.#settings.set('sort', { ...this.#settings.values.sort, [this.view]: sort });
    this.#again();
  }

  /** Reads the next page, when there is one. */
  async more(): Promise<void> {
    const page = this.query.data;
    if (!page?.next || this.#more) return;
    this.#more = true;
    try {
      const next = await this.#page(page.next, PAGE);
      // A refresh in between has its own end; its rows win.
      if (this.query.data === page) {
        this.query.data = { ...next, rows: joined(page.rows, next.rows) };
        this.#arrange(this.query.data.rows);
      }
    } catch {
      // The end of the list stays where it is; scrolling asks again.
    } finally {
      this.#more = false;
    }
  }

  /** The pointer moved over a row, or over the list between rows. */
  pointAt(over: ThreadRef | null): void {
    this.#point({ at: 'moving', over });
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#point({ at: 'rest', over }), REST_MS);
  }

  /** The pointer left, or the keyboard is used: everything goes to its place. */
  settle(): void {
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = null;
    this.#point({ at: 'away' });
  }

  #point(pointing: Pointing): void {
    this.#pointing = pointing;
    if (pointing.at !== 'moving' && this.query.data) this.#arrange(this.query.data.rows);
  }

  #arrange(fresh: ThreadRow[]): void {
    const { rows, moved } = arrange(this.rows, fresh, this.#pointing);
    this.rows = rows;
    this.moved = moved;
  }

  #again(): void {
    const counts = this.query.data?.counts;
    this.query.reset();
    this.rows = [];
    this.moved = 0;
    this.seenTo = 0;
    this.#pointing = { at: 'away' };
    // The counts of the other views stay true while the rows are read.
    if (counts) this.#counts = counts;
    void this.query.read();
  }

  #counts = $state.raw<ViewCounts | null>(null);

  /** The counts, or the last ones while another view is being read. */
  get badges(): ViewCounts | null {
    return this.counts ?? this.#counts;
  }

  async #load(): Promise<ThreadPage> {
    let page = await this.#page(null, Math.min(MOST, Math.max(PAGE, this.seenTo + 20)));
    while (page.next && page.rows.length < this.seenTo) {
      const next = await this.#page(page.next, MOST);
      page = { ...next, rows: joined(page.rows, next.rows) };
    }
    return page;
  }

  #page(after: string | null, limit: number): Promise<ThreadPage> {
    const { view, account, sort } = this;
    return this.#host.call('listThreads', { view, account, sort, after, limit });
  }
}

/** Two pages as one; a row that moved between the two reads appears once. */
function joined(first: ThreadRow[], second: ThreadRow[]): ThreadRow[] {
  const known = new Set(first.map((row) => row.thread));
  return [...first, ...second.filter((row) => !known.has(row.thread))];
}

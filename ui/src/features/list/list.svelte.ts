/**
 * The thread list: which view, which rows, how far they are read, in which order they stand.
 *
 * Promises: what is in sight is read again on each notice, at the same price however long the list is and however far
 * down somebody scrolled; rows out of sight are let go and read again when somebody scrolls there (see `stretch`);
 * nothing moves under somebody's hand (see `hand` and `arrange`).
 */
import type { Settings } from '../../app/settings.svelte';
import type { Sort, ThreadPage, ThreadRow, View, ViewCounts } from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { arrange } from './arrange';
import { Hand, type Spot } from './hand';
import {
  besides,
  fromRow,
  nothing,
  reread,
  startOf,
  withAbove,
  withBelow,
  type Stretch,
} from './stretch';

const PAGE = 100;
/** The most that one read brings. */
const MOST = 200;
/** So many rows beside those in sight are read again with them. */
const SPARE = 20;

export class ThreadList {
  view = $state<View>('mine');
  account = $state<string | null>(null);
  rows = $state.raw<ThreadRow[]>([]);
  /** How many rows stand above these. */
  skipped = $state(0);
  moved = $state(0);
  /** The first row in sight and the one after the last, counted from the top of the list; told by the list. */
  seenFrom = 0;
  seenTo = $state(0);

  query: Query<ThreadPage>;
  #host: Host;
  #settings: Settings;
  #hand = new Hand();
  #stretch: Stretch = nothing;
  #reading = false;

  constructor(host: Host, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
    this.query = new Query<ThreadPage>({
      load: () => this.#load(),
      take: (page) => {
        const again = reread(this.#stretch, page);
        if (again) this.#show(again);
        else this.query.ask();
        return page;
      },
    });
  }

  /** Who came too late stands in one order only. */
  get canSort(): boolean {
    return this.view !== 'tooLate';
  }

  get sort(): Sort {
    if (!this.canSort) return 'needsReply';
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

  /** Reads the rows below, when there are some. */
  async more(): Promise<void> {
    const after = this.#stretch.next;
    if (after === null) return;
    await this.#grow(
      () => this.#page({ after }, PAGE),
      (page) => {
        if (this.#stretch.next !== after) return;
        const longer = withBelow(this.#stretch, page);
        const gone = longer.skipped - this.#stretch.skipped;
        this.#shift([...this.rows, ...besides(this.rows, page.rows)].slice(gone), gone);
        this.#show(longer);
      },
    );
  }

  /** Reads the rows above, when there are some. */
  async before(): Promise<void> {
    const upTo = startOf(this.#stretch);
    if (upTo === null) return;
    await this.#grow(
      () => this.#page({ upTo }, PAGE),
      (page) => {
        if (startOf(this.#stretch) !== upTo) return;
        const longer = withAbove(this.#stretch, page);
        const above = besides(this.rows, page.rows);
        const rows = [...above, ...this.rows];
        this.#shift(rows.slice(0, Math.max(longer.rows.length, MOST)), -above.length);
        this.#show(longer);
      },
    );
  }

  /** Back to the top of the list. */
  async top(): Promise<void> {
    if (startOf(this.#stretch) === null) return;
    this.#stretch = nothing;
    this.#hand.typed();
    this.seenFrom = this.seenTo = 0;
    await this.query.read();
  }

  /** The pointer moved over the list: from now on nothing moves there. */
  pointAt(spot: Spot): void {
    this.#hand.moved(spot);
  }

  /** A button went down in the list. */
  press(): void {
    this.#hand.down();
  }

  /** It went up, wherever the pointer is by then. */
  release(): void {
    this.#hand.up();
    this.#settle();
  }

  /** The pointer left the list. */
  leave(): void {
    this.#hand.left();
    this.#settle();
  }

  /** The keyboard is used, or somebody asked for the new order. */
  settle(): void {
    this.#hand.typed();
    this.#settle();
  }

  get held(): boolean {
    return this.#hand.holds;
  }

  #settle(): void {
    if (this.moved > 0 && !this.#hand.holds) this.#show(this.#stretch);
  }

  /** One page at one end; a refresh in between has its own ends, and its rows win. */
  async #grow(read: () => Promise<ThreadPage>, join: (page: ThreadPage) => void): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      join(await read());
    } catch {
      // The end of the list stays where it is; scrolling asks again.
    } finally {
      this.#reading = false;
    }
  }

  #show(stretch: Stretch): void {
    this.#stretch = stretch;
    const { rows, moved } = arrange(this.rows, stretch.rows, this.#hand.holds);
    this.rows = rows;
    this.moved = moved;
    // Until what is held moves, its rows stand where they stood.
    if (moved === 0 || startOf(stretch) === null) this.skipped = stretch.skipped;
  }

  /** What is shown begins so many rows further down. */
  #shift(rows: ThreadRow[], by: number): void {
    this.rows = rows;
    this.skipped = Math.max(0, this.skipped + by);
  }

  #again(): void {
    const counts = this.query.data?.counts;
    this.query.reset();
    this.#stretch = nothing;
    this.rows = [];
    this.skipped = 0;
    this.moved = 0;
    this.seenFrom = this.seenTo = 0;
    this.#hand = new Hand();
    // The counts of the other views stay true while the rows are read.
    if (counts) this.#counts = counts;
    void this.query.read();
  }

  #counts = $state.raw<ViewCounts | null>(null);

  /** The counts, or the last ones while another view is being read. */
  get badges(): ViewCounts | null {
    return this.counts ?? this.#counts;
  }

  /** Reads what is in sight. */
  async #load(): Promise<ThreadPage> {
    this.#letGoAbove();
    const { skipped } = this.#stretch;
    const limit = Math.max(PAGE, this.seenTo - skipped + SPARE);
    return this.#page({ after: startOf(this.#stretch) }, Math.min(MOST, limit));
  }

  /** What is far above what is in sight is not read again. */
  #letGoAbove(): void {
    const before = this.#stretch;
    this.#stretch = fromRow(before, this.seenFrom - before.skipped - SPARE);
    const gone = this.#stretch.skipped - before.skipped;
    if (gone > 0) this.#shift(this.rows.slice(gone), gone);
  }

  #page(from: { after?: string | null; upTo?: string }, limit: number): Promise<ThreadPage> {
    const { view, account, sort } = this;
    const { after = null, upTo = null } = from;
    return this.#host.call('listThreads', { view, account, sort, after, upTo, limit });
  }
}

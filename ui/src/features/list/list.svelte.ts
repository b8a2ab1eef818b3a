/**
 * The thread list: which view, which of its threads, which rows, how far they are read, in which order they stand.
 *
 * Promises: what is in sight is read again on each notice, at the same price however long the list is and however far
 * down somebody scrolled; rows out of sight are let go and read again when somebody scrolls there (see `stretch`);
 * nothing moves under somebody's hand (see `hand` and `arrange`).
 */
import type { Settings } from '../../app/settings.svelte';
import type {
  Channel,
  SavedView,
  Sort,
  ThreadPage,
  ThreadRow,
  View,
  ViewCounts,
} from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { arrange } from './arrange';
import { Growing } from './growing';
import { Hand, type Spot } from './hand';
import { Picked } from './picked.svelte';
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

/** Which threads of a view are shown: all that fit. */
export type Filter = { account: string | null; channel: Channel | null; label: string | null };
const NO_FILTER: Filter = { account: null, channel: null, label: null };

/** Views of one order only, and what is asked for. */
const FIXED: Partial<Record<View, Sort>> = {
  mentions: 'newest',
  endingSoon: 'needsReply',
  tooLate: 'needsReply',
  snoozed: 'newest',
};

export class ThreadList {
  view = $state<View>('mine');
  filter = $state.raw<Filter>(NO_FILTER);
  /** The saved view that is shown, as it was saved. */
  saved = $state.raw<SavedView | null>(null);
  readonly picked = new Picked();
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
  /** A refresh while a page is read has its own ends, and its rows win. */
  #growing = new Growing();

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

  /** Who came too late, is mentioned, sleeps or whose time ends stands in one order only. */
  get canSort(): boolean {
    return !(this.view in FIXED);
  }

  get sort(): Sort {
    const sort = this.#savedSort ?? this.#settings.values.sort[this.view] ?? 'newest';
    return FIXED[this.view] ?? sort;
  }

  /** The order of the saved view that was opened; none while a view stands for itself. */
  #savedSort = $state<Sort | null>(null);

  get account(): string | null {
    return this.filter.account;
  }

  get isFiltered(): boolean {
    const { account, channel, label } = this.filter;
    return account !== null || channel !== null || label !== null;
  }

  /** The saved view is not shown as it was saved. */
  get isChanged(): boolean {
    const { saved, filter } = this;
    return (
      saved !== null && !(isSame(saved, filter) && (saved.sort === this.sort || !this.canSort))
    );
  }

  get counts(): ViewCounts | null {
    return this.query.data?.counts ?? null;
  }

  show(view: View): void {
    if (view === this.view && this.#savedSort === null) return;
    this.view = view;
    // Who leaves a saved view leaves its filter behind.
    if (this.#savedSort !== null) this.filter = this.#filterBefore;
    this.#keep(null);
    this.#again();
  }

  /** Shows a saved view as it was saved. */
  showSaved(saved: SavedView): void {
    if (this.#savedSort === null) this.#filterBefore = this.filter;
    const { view, account, channel, label } = saved;
    this.view = view;
    this.filter = { account, channel, label };
    this.#keep(saved);
    this.#again();
  }

  /** What is shown was saved as this. */
  wasSaved(saved: SavedView): void {
    if (this.#savedSort === null) this.#filterBefore = NO_FILTER;
    this.#keep(saved);
  }

  /** What is saved was read again: it may be called otherwise, or be gone. What is shown stays. */
  hearSaved(views: SavedView[]): void {
    if (this.saved) this.saved = views.find(({ id }) => id === this.saved?.id) ?? null;
  }

  /** What was filtered before a saved view was shown. */
  #filterBefore = NO_FILTER;

  #keep(saved: SavedView | null): void {
    this.saved = saved;
    this.#savedSort = saved?.sort ?? null;
  }

  /** An account says which channel it is of. */
  only(account: string | null): void {
    this.narrow({ account, channel: null });
  }

  narrow(to: Partial<Filter>): void {
    const filter = { ...this.filter, ...to };
    if (isSame(filter, this.filter)) return;
    this.filter = filter;
    this.#again();
  }

  /** Takes the whole filter away. */
  widen(): void {
    this.narrow(NO_FILTER);
  }

  sortBy(sort: Sort): void {
    if (this.#savedSort !== null) this.#savedSort = sort;
    else this.#settings.set('sort', { ...this.#settings.values.sort, [this.view]: sort });
    this.#again();
  }

  /** Reads the rows below, when there are some. */
  async more(): Promise<void> {
    const after = this.#stretch.next;
    if (after === null) return;
    await this.#growing.run(
      () => this.more(),
      () => this.#page({ after }, PAGE),
      (page) => {
        if (this.#stretch.next !== after) return false;
        const longer = withBelow(this.#stretch, page);
        const gone = longer.skipped - this.#stretch.skipped;
        this.#shift([...this.rows, ...besides(this.rows, page.rows)].slice(gone), gone);
        this.#show(longer);
        return true;
      },
    );
  }

  /** Reads the rows above, when there are some. */
  async before(): Promise<void> {
    const upTo = startOf(this.#stretch);
    if (upTo === null) return;
    await this.#growing.run(
      () => this.before(),
      () => this.#page({ upTo }, PAGE),
      (page) => {
        if (startOf(this.#stretch) !== upTo) return false;
        const longer = withAbove(this.#stretch, page);
        const above = besides(this.rows, page.rows);
        const rows = [...above, ...this.rows];
        this.#shift(rows.slice(0, Math.max(longer.rows.length, MOST)), -above.length);
        this.#show(longer);
        return true;
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

  #show(stretch: Stretch): void {
    this.#stretch = stretch;
    const { rows, moved } = arrange(this.rows, stretch.rows, this.#hand.holds);
    this.rows = rows;
    this.moved = moved;
    // Until what is held moves, its rows stand where they stood.
    if (moved === 0 || startOf(stretch) === null) this.skipped = stretch.skipped;
  }

  /** What is shown begins so many rows further down; not at the top, as long as there are some above. */
  #shift(rows: ThreadRow[], by: number): void {
    this.rows = rows;
    this.skipped = Math.max(startOf(this.#stretch) === null ? 0 : 1, this.skipped + by);
  }

  /** Keeps nothing of what it showed. */
  forget(): void {
    this.picked.clear();
    this.#counts = null;
    this.#whole = null;
    this.query.reset();
    this.#stretch = nothing;
    this.rows = [];
    this.skipped = 0;
    this.moved = 0;
    this.seenFrom = this.seenTo = 0;
    this.#hand = new Hand();
  }

  #again(): void {
    const { counts, whole } = this;
    this.forget();
    // The counts of the other views stay true while the rows are read.
    if (counts) this.#counts = counts;
    this.#whole = whole;
    void this.query.read();
  }

  #counts = $state.raw<ViewCounts | null>(null);

  /** The counts, or the last ones while another view is being read. */
  get badges(): ViewCounts | null {
    return this.counts ?? this.#counts;
  }

  /** The same of everything, whatever the list is narrowed to: what waits for somebody waits there too. */
  get whole(): ViewCounts | null {
    const { data } = this.query;
    return data ? (data.whole ?? data.counts) : this.#whole;
  }

  #whole = $state.raw<ViewCounts | null>(null);

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
    const { view, filter, sort } = this;
    const { after = null, upTo = null } = from;
    return this.#host.call('listThreads', { view, ...filter, sort, after, upTo, limit });
  }
}

function isSame(one: Filter, other: Filter): boolean {
  const { account, channel, label } = other;
  return one.account === account && one.channel === channel && one.label === label;
}

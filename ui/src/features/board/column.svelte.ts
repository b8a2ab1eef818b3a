/**
 * One column of the board: whose threads, which of them are read, in which order they stand.
 *
 * Promises: what is in sight is read again with the board, at the same price however long the column is (see
 * `list/stretch`); nothing moves under somebody's hand, nor anywhere while something is dragged (see `list/hand` and
 * `list/arrange`).
 */
import type { BoardColumn, BoardOf, BoardRow, Ms, ReadColumn, ThreadRow } from '$lib/contract';
import { arrange } from '$features/list/arrange';
import { Growing } from '$features/list/growing';
import { Hand, type Spot } from '$features/list/hand';
import {
  besides,
  fromRow,
  nothing,
  reread,
  startOf,
  withAbove,
  withBelow,
  type PageOf,
  type Stretch,
} from '$features/list/stretch';

/** A thread on the board. `agent`: the id of whoever works on it. */
export type Card = ThreadRow & { agent: string | null; endsMs: Ms | null };

export const QUEUE = 'queue';
export const ALL = 'all';

/** The most that one read brings. */
const MOST = 200;
const PAGE = 40;
/** So many cards beside those in sight are read again with them. */
const SPARE = 12;

export class Column {
  /** `queue`, `all`, or an agent's id. */
  readonly key: string;
  rows = $state.raw<Card[]>([]);
  /** How many stand above these. */
  skipped = $state(0);
  /** How many wait to move. */
  moved = $state(0);
  /** How many there are in all; null where nobody counts them, or before the first read. */
  total = $state<number | null>(null);
  isRead = $state(false);
  /** The first card in sight and the one after the last; told by the list. */
  seenFrom = 0;
  seenTo = 0;
  #hand = new Hand();
  #stretch: Stretch<Card> = nothing;
  #growing = new Growing();
  /** What is shown was held when it was read: it may stand otherwise, even where nothing is counted as moved. */
  #isLate = false;
  #isDragging: () => boolean;
  #read: (column: ReadColumn) => Promise<BoardColumn | null>;

  /** `read`: reads more of it; null when that is of no use any more. */
  constructor(
    key: string,
    isDragging: () => boolean,
    read: (column: ReadColumn) => Promise<BoardColumn | null>,
  ) {
    this.key = key;
    this.#isDragging = isDragging;
    this.#read = read;
  }

  get of(): BoardOf {
    if (this.key === QUEUE || this.key === ALL) return { of: this.key };
    return { of: 'agent', agent: this.key };
  }

  /** What is read again of it. */
  asks(): ReadColumn {
    this.#letGoAbove();
    const limit = Math.max(PAGE, this.seenTo - this.#stretch.skipped + SPARE);
    return this.#asks({ after: startOf(this.#stretch) }, Math.min(MOST, limit));
  }

  /** Takes what was read; false when it does not fit any more and has to be read once more. */
  take(column: BoardColumn): boolean {
    const again = reread(this.#stretch, pageOf(column));
    if (!again) return false;
    this.total = column.total;
    this.isRead = true;
    this.#show(again);
    return true;
  }

  /** Reads the cards below, when there are some. */
  more(): Promise<void> {
    const after = this.#stretch.next;
    if (after === null) return Promise.resolve();
    return this.#grow(
      () => this.more(),
      { after },
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

  /** Reads the cards above, when there are some. */
  before(): Promise<void> {
    const upTo = startOf(this.#stretch);
    if (upTo === null) return Promise.resolve();
    return this.#grow(
      () => this.before(),
      { upTo },
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

  /** Reads from the top, where nothing that is shown is in sight. */
  top(): Promise<void> {
    if (startOf(this.#stretch) === null) return Promise.resolve();
    return this.#grow(
      () => this.top(),
      {},
      (page) => {
        const again = reread(nothing, page);
        if (!again) return false;
        this.#stretch = again;
        // Nothing that stands under a pointer moves: all of it was elsewhere.
        this.#shift(again.rows, -this.skipped);
        this.moved = 0;
        this.#isLate = false;
        return true;
      },
    );
  }

  /** Begins anew: another filter, another order. */
  reset(): void {
    this.#stretch = nothing;
    this.rows = [];
    this.skipped = 0;
    this.moved = 0;
    this.total = null;
    this.isRead = false;
    this.seenFrom = this.seenTo = 0;
  }

  pointAt(spot: Spot): void {
    this.#hand.moved(spot);
  }

  press(): void {
    this.#hand.down();
  }

  release(): void {
    this.#hand.up();
    this.calm();
  }

  leave(): void {
    this.#hand.left();
    this.calm();
  }

  /** The keyboard is used, or somebody dropped something here and wants to see it. */
  settle(): void {
    this.#hand.typed();
    this.calm();
  }

  get held(): boolean {
    return this.#hand.holds || this.#isDragging();
  }

  /** What waited moves, once nothing holds it. */
  calm(): void {
    if (this.#isLate && !this.held) this.#show(this.#stretch);
  }

  #grow(
    again: () => Promise<void>,
    from: { after?: string; upTo?: string },
    join: (page: PageOf<Card>) => boolean,
  ): Promise<void> {
    const read = () => this.#read(this.#asks(from, PAGE));
    return this.#growing.run(again, read, (column) => column === null || join(pageOf(column)));
  }

  #asks(from: { after?: string | null; upTo?: string }, limit: number): ReadColumn {
    const { after = null, upTo = null } = from;
    return { column: this.of, after, upTo, limit };
  }

  #show(stretch: Stretch<Card>): void {
    this.#stretch = stretch;
    this.#isLate = this.held;
    const { rows, moved } = arrange(this.rows, stretch.rows, this.#isLate);
    this.rows = rows;
    this.moved = moved;
    if (moved === 0 || startOf(stretch) === null) this.skipped = stretch.skipped;
  }

  #shift(rows: Card[], by: number): void {
    this.rows = rows;
    // Not at the top, as long as there are some above.
    this.skipped = Math.max(startOf(this.#stretch) === null ? 0 : 1, this.skipped + by);
  }

  #letGoAbove(): void {
    const before = this.#stretch;
    this.#stretch = fromRow(before, this.seenFrom - before.skipped - SPARE);
    const gone = this.#stretch.skipped - before.skipped;
    if (gone > 0) this.#shift(this.rows.slice(gone), gone);
  }
}

const card = ({ row, agent, endsMs }: BoardRow): Card => ({ ...row, agent, endsMs });

const pageOf = ({ rows, previous, next }: BoardColumn): PageOf<Card> => ({
  rows: rows.map(card),
  previous,
  next,
});

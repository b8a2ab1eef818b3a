/**
 * The supervisor's board: which columns, which of their threads, what each agent has to do, and giving threads away.
 *
 * Promises: one read brings all columns, so they belong together (of more than the host reads at once those in sight and those
 * beside them, see `sight`); a thread is given away by the same acts as elsewhere, under
 * compare-and-set and with a way back; to somebody who is full or not there only once that was said. It keeps no truth of its own.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { Settings } from '../../app/settings.svelte';
import { Picked } from '$features/list/picked.svelte';
import type { Many } from '$features/many/many.svelte';
import type {
  BoardAgent,
  BoardAgents,
  BoardSort,
  BoardStatus,
  BoardView,
  Channel,
  ReadColumn,
  ThreadRef,
} from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { words } from '$lib/words';
import { ALL, Column, QUEUE, type Card } from './column.svelte';
import { Drag } from './drag.svelte';
import { tooMuchOn } from './full';
import { near, reach, type Places } from './sight';

/** Which threads are shown: all that fit. */
export type BoardFilter = {
  account: string | null;
  channel: Channel | null;
  label: string | null;
  status: BoardStatus | null;
  onlyWaiting: boolean;
};

const NO_FILTER: BoardFilter = {
  account: null,
  channel: null,
  label: null,
  status: null,
  onlyWaiting: false,
};

/** What is asked before threads are given away. */
export type Asking =
  | { ask: 'give'; cards: Card[] }
  /** Whoever gets them is full, or is not there. */
  | { ask: 'sure'; cards: Card[]; to: BoardAgent };

/** What each agent has to do is read so long after something changed, milliseconds: much changes at once. */
const AGENTS_MS = 200;

/** What of the page it needs. */
export type Around = { many: () => Many };

export class Board {
  /** True where the page is the board's own window. */
  readonly own: boolean;
  /** It is on the screen. */
  on = $state(false);
  filter = $state.raw<BoardFilter>(NO_FILTER);
  columns = $state.raw<Column[]>([]);
  asking = $state.raw<Asking | null>(null);
  readonly picked = new Picked();
  readonly drag = new Drag();
  /** Threads that are on their way to somebody, with the name. */
  readonly going = new SvelteMap<ThreadRef, string>();
  readonly query: Query<BoardView>;
  readonly agents: Query<BoardAgents>;
  #host: Host;
  #settings: Settings;
  #around: Around;
  #asked: Column[] = [];
  /** Which columns are in sight; told by the strip. */
  #sight: Places = { from: 0, to: 0 };
  #later: ReturnType<typeof setTimeout> | null = null;
  /** Gestures follow each other, however fast they are made. */
  #giving: Promise<void> = Promise.resolve();

  constructor(host: Host, settings: Settings, around: Around, own: boolean) {
    this.#host = host;
    this.#settings = settings;
    this.#around = around;
    this.own = own;
    this.query = new Query<BoardView>({
      load: () => this.#load(),
      take: (view) => {
        const fits = this.#asked.map((column, at) => {
          const read = view.columns[at];
          return read === undefined || column.take(read);
        });
        if (fits.includes(false)) this.query.ask();
        return view;
      },
    });
    this.agents = new Query<BoardAgents>({
      load: () =>
        host.call('boardAgents', { accounts: this.#accounts, channel: this.filter.channel }),
    });
  }

  /** Shows it. */
  show(): void {
    if (this.on) return;
    this.on = true;
    this.#arrange();
    void this.query.read();
    void this.agents.read();
  }

  /** Goes to it, now and at the next start. */
  enter(): void {
    this.#settings.set('start', 'board');
    this.show();
  }

  /** Goes back to the inbox, now and at the next start. */
  leave(): void {
    if (!this.on) return;
    if (!this.own) this.#settings.set('start', 'inbox');
    this.#end();
  }

  #end(): void {
    this.on = false;
    this.asking = null;
    this.drag.cancel();
    this.picked.clear();
  }

  /** Something that it shows may have changed. */
  ask(): void {
    if (!this.on) return;
    this.query.ask();
    this.askAgents();
  }

  /** These columns are in sight: those of them and beside them that the last read did not bring are read. */
  sees(places: Places): void {
    this.#sight = places;
    if (!this.on) return;
    const { from, to } = near(places);
    if (this.columns.slice(from, to).some((one) => !this.#asked.includes(one))) this.query.ask();
  }

  /** Somebody came or went, or has more or less to do. Cards come first; and no row goes from under what is dragged. */
  askAgents(): void {
    if (!this.on || this.#later !== null) return;
    this.#later = setTimeout(() => {
      this.#later = null;
      if (this.drag.on) this.askAgents();
      else if (this.on) this.agents.ask();
    }, AGENTS_MS);
  }

  /** The page ends: nothing is asked any more. */
  stop(): void {
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
  }

  /** Nothing is kept of what it showed. */
  forget(): void {
    this.#end();
    this.query.reset();
    this.agents.reset();
    for (const column of this.columns) column.reset();
  }

  get sort(): BoardSort {
    return this.#settings.values.boardSort;
  }

  sortBy(sort: BoardSort): void {
    this.#settings.set('boardSort', sort);
    this.#again();
  }

  get isFiltered(): boolean {
    return Object.values(this.filter).some((value) => value !== null && value !== false);
  }

  narrow(to: Partial<BoardFilter>): void {
    this.filter = { ...this.filter, ...to };
    this.#again();
    void this.agents.read();
  }

  /** Everybody who is on it. */
  get people(): BoardAgent[] {
    return this.agents.data?.agents ?? [];
  }

  person(agent: string): BoardAgent | null {
    return this.people.find((one) => one.agent === agent) ?? null;
  }

  /** What a column, or a place where something is dropped, is called. */
  nameOf(key: string): string {
    if (key === QUEUE) return words.board.queue;
    if (key === ALL) return words.board.everybody;
    return this.person(key)?.name ?? words.board.hidden;
  }

  isShown(key: string): boolean {
    return this.columns.some((column) => column.key === key);
  }

  /** Shows a column, or takes it away. That of the queue is always there. */
  toggle(key: string): void {
    if (key === QUEUE) return;
    const keys = this.columns.map((column) => column.key);
    const next = keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key];
    this.#settings.set(this.#setting, next);
    this.#arrange();
    void this.query.read();
  }

  /** A card on it; null where none is. */
  card(thread: ThreadRef): Card | null {
    for (const { rows } of this.columns) {
      const found = rows.find((row) => row.thread === thread);
      if (found) return found;
    }
    return null;
  }

  /** The column that a thread stands in; the first one where it stands in none. */
  around(thread: ThreadRef | null): { rows: Card[] } {
    const holds = ({ rows }: Column) => rows.some((row) => row.thread === thread);
    return this.columns.find(holds) ?? this.columns[0] ?? { rows: [] };
  }

  /** What goes along with a card: all that are picked where it is one of them. */
  along(card: Card): Card[] {
    if (!this.picked.has(card.thread)) return [card];
    return this.picked.threads.map((thread) => this.card(thread)).filter((one) => one !== null);
  }

  /** Asks whom they are given to. */
  askToGive(cards: Card[]): void {
    if (cards.length > 0) this.asking = { ask: 'give', cards };
  }

  /** Gives threads away; asks first where whoever gets them is full, or is not there. `to`: the queue, or an agent's id. */
  give(cards: Card[], to: string): void {
    this.asking = null;
    const person = to === QUEUE ? null : this.person(to);
    const moving = cards.filter((card) => (card.agent ?? QUEUE) !== to);
    if (moving.length === 0) return;
    if (person && (tooMuchOn(person, moving).length > 0 || awayState(person) !== null))
      this.asking = { ask: 'sure', cards: moving, to: person };
    else void this.giveNow(moving, to);
  }

  /** Gives them away, one gesture after the other. */
  giveNow(cards: Card[], to: string): Promise<void> {
    this.asking = null;
    this.picked.clear();
    const name = this.nameOf(to);
    const threads = cards.map((card) => card.thread);
    for (const thread of threads) this.going.set(thread, name);
    const w = words.board;
    const plan = {
      act: { act: 'assign' as const, to: to === QUEUE ? null : to },
      says: (n: number) => w.asks(n, name),
      did: (n: number) => (to === QUEUE ? w.gaveBack(n) : w.gave(n, name)),
    };
    this.#giving = this.#giving.then(async () => {
      try {
        await this.#around.many().run(plan, threads);
        await Promise.all([this.query.read(), this.agents.read()]);
      } finally {
        for (const thread of threads) this.going.delete(thread);
        // What was dropped is to be seen, also under the pointer that dropped it.
        for (const column of this.columns) column.settle();
      }
    });
    return this.#giving;
  }

  /** Lets go of what is dragged. */
  cancelDrag(): boolean {
    const was = this.drag.cancel();
    if (was) this.#calm();
    return was;
  }

  /** What is dragged was let go somewhere. */
  dropped(event: PointerEvent): void {
    const was = this.drag.on;
    const dropped = this.drag.drop(event);
    if (was) this.#calm();
    if (dropped) this.give(dropped.cards, dropped.to);
  }

  #calm(): void {
    for (const column of this.columns) column.calm();
  }

  get #setting(): 'boardColumns' | 'ownBoardColumns' {
    return this.own ? 'ownBoardColumns' : 'boardColumns';
  }

  get #accounts(): string[] {
    return this.filter.account === null ? [] : [this.filter.account];
  }

  #arrange(): void {
    const kept = this.#settings.values[this.#setting].filter((key) => key !== QUEUE);
    const keys = [QUEUE, ...kept.filter((key, at) => kept.indexOf(key) === at)];
    const known = this.columns;
    this.columns = keys.map((key) => known.find((one) => one.key === key) ?? this.#column(key));
  }

  #column(key: string): Column {
    const read = async (asked: ReadColumn) => {
      const { filter, sort } = this;
      const { columns } = await this.#read([asked]);
      return filter === this.filter && sort === this.sort ? (columns[0] ?? null) : null;
    };
    return new Column(key, () => this.drag.on, read);
  }

  #again(): void {
    this.picked.clear();
    for (const column of this.columns) column.reset();
    this.query.reset();
    void this.query.read();
  }

  #load(): Promise<BoardView> {
    const { from, to } = reach(this.columns.length, this.#sight);
    this.#asked = this.columns.slice(from, to);
    return this.#read(this.#asked.map((column) => column.asks()));
  }

  #read(columns: ReadColumn[]): Promise<BoardView> {
    const { channel, label, status, onlyWaiting } = this.filter;
    const accounts = this.#accounts;
    return this.#host.call('board', {
      accounts,
      channel,
      label,
      status,
      onlyWaiting,
      sort: this.sort,
      columns,
    });
  }
}

/** How somebody is not there, who may not see what they are given; null for who is, and for oneself. */
export function awayState({ me, state }: BoardAgent): 'away' | 'offline' | null {
  return !me && (state === 'away' || state === 'offline') ? state : null;
}

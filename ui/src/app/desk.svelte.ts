/**
 * The page's view of this desk: everything that more than one part of the page looks at.
 *
 * Promises: it keeps no truth of its own; each notice of the host makes what it names be read again, once
 * per frame. Acts come back as toasts, with a way back where there is one.
 */
import { getContext, setContext } from 'svelte';
import type { Draft } from '$features/composer/draft.svelte';
import { Drafts } from '$features/composer/drafts';
import { ThreadList } from '$features/list/list.svelte';
import { HeldAct } from '$features/thread/held-act.svelte';
import { Search } from '$features/search/search.svelte';
import { OpenThread } from '$features/thread/open-thread.svelte';
import { PageClock } from '$lib/clock.svelte';
import type {
  AccountView,
  BlockView,
  ControlAct,
  LoginView,
  NotLeft,
  Notice,
  Session,
  StatusLine,
  ThreadRef,
  ThreadRow,
  View,
} from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { Toasts, type ToastAct } from '$lib/toasts.svelte';
import { words } from '$lib/words';
import { Ahead } from './ahead';
import { Answered } from './answered';
import { Attention } from './attention';
import { Gestures } from './gestures.svelte';
import { NextToDo, isShut, type Found } from './next-to-do';
import { focusedPlace, isNarrow, type Place } from './place';
import { Setbacks } from './setbacks';
import { Settings } from './settings.svelte';

/** What goes with a pass. `name`: the app that it is for. */
export type Passing = { to: string | null; name: string | null; note: string | null };
const NO_NOTE: Passing = { to: null, name: null, note: null };

export class Desk {
  readonly host: Host;
  readonly settings: Settings;
  readonly clock = new PageClock(() => this.status.ask());
  readonly toasts = new Toasts();
  readonly held = new HeldAct();
  readonly answered = new Answered();
  /** What is typed while the next thread is being found. */
  readonly ahead = new Ahead();
  readonly #next = new NextToDo(this.answered);
  readonly session: Query<Session>;
  readonly status: Query<StatusLine>;
  /** How a login with Meta stands; read by whoever shows one. */
  readonly login: Query<LoginView>;
  readonly list: ThreadList;
  readonly search: Search;
  /** Looking inside the open thread; none while nobody does. */
  finding = $state.raw<Search | null>(null);
  open = $state.raw<OpenThread | null>(null);
  draft = $state.raw<Draft | null>(null);
  readonly #drafts: Drafts;
  /** The account that the agent removes, and need not be told of when it goes. */
  removing: string | null = null;
  /** A row that has the focus although nobody went to it: it was lent, or another thread was opened since. */
  lent: ThreadRef | null = null;
  /** The open thread is being passed on: to whom, and with which note, is asked. */
  passing = $state(false);
  /** Where the focus is to go; whoever it is takes it, once it is on the screen. */
  wanted = $state.raw<Place | null>(null);
  readonly #setbacks: Setbacks;
  readonly gestures: Gestures;
  #attention = new Attention();

  constructor(host: Host) {
    this.host = host;
    this.settings = new Settings(host);
    this.#drafts = new Drafts(host);
    this.session = new Query<Session>({
      load: () => host.call('session', null),
      take: (session, before) => {
        this.#leaveLost(session, before?.accounts ?? []);
        return session;
      },
    });
    this.login = new Query<LoginView>({ load: () => host.call('login', null) });
    this.status = new Query<StatusLine>({
      load: () => host.call('status', null),
      take: (status) => {
        this.clock.set(status.nowMs);
        this.#setbacks.hear(status.setbacks);
        return status;
      },
    });
    this.#setbacks = new Setbacks(host, this.toasts, {
      seen: () => (this.#attention.fresh ? (this.open?.thread ?? null) : null),
      open: (thread) => this.openThread(thread),
    });
    this.gestures = new Gestures(host, {
      act: (run) => this.act(run),
      read: async (thread) => {
        if (this.open?.thread === thread) await this.open.query.read();
      },
    });
    this.list = new ThreadList(host, this.settings);
    this.search = new Search(host);
  }

  /** Begins to listen and to tick, then reads what every page needs. */
  start(): () => void {
    const stops = [
      this.clock.start(),
      this.host.listen((notice) => this.#hear(notice)),
      this.#attention.watch(() => this.open?.noticeAttention()),
    ];
    const leave = () => {
      this.held.flush();
      void this.draft?.save();
    };
    window.addEventListener('pagehide', leave);
    void this.session.read();
    void this.status.read();
    return () => {
      window.removeEventListener('pagehide', leave);
      for (const stop of stops) stop();
    };
  }

  /** Opens a thread. Its composer gets the focus, unless somebody works elsewhere and goes on there. */
  openThread(thread: ThreadRef, focus: Place = 'composer'): void {
    if (this.open?.thread !== thread) {
      this.closeThread();
      const draft = this.#drafts.of(thread);
      const open = new OpenThread(this.host, thread, () => this.#attention.given, draft);
      open.read = () => {
        if (this.settings.values.markSeen === 'onOpen') this.gestures.seen(thread);
      };
      draft.again = () => open.query.ask();
      this.open = open;
      this.draft = draft;
      void open.query.read();
      this.#setbacks.opened(thread);
    }
    this.draft?.append(this.ahead.take());
    // Beside a thread that takes all the room there is no list that could have the focus.
    this.wanted = focus === 'list' && isNarrow() ? 'thread' : focus;
  }

  /** Opens what was found: a customer's thread, or a message in its own. */
  openFound(at: number): void {
    const { names, hits } = this.search;
    this.search.at = at;
    const name = names[at];
    if (name) return this.openThread(name.thread);
    const hit = hits[at - names.length];
    if (!hit) return;
    this.openThread(hit.thread, 'thread');
    this.open?.lookAt(hit.at);
  }

  /** Begins to look inside the open thread. */
  find(): void {
    if (this.open) this.finding ??= new Search(this.host, this.open.thread);
  }

  /** What is shown of an account that this desk lost goes; there is nothing left to save in it. */
  #leaveLost(session: Session, before: AccountView[]): void {
    const lost = (id: string) => session.accounts.every((account) => account.id !== id);
    for (const { id, name } of before)
      if (lost(id) && id !== this.removing) this.toasts.show({ text: words.accounts.lost(name) });
    if (this.list.account !== null && lost(this.list.account)) this.list.only(null);
    if (!this.openRow || !lost(this.openRow.account)) return;
    this.open = null;
    this.draft = null;
    this.finding = null;
    this.passing = false;
  }

  /** A minute of Meta's time went by, or it jumped: windows and control may have lapsed without any entry. */
  timePassed(): void {
    this.list.query.ask();
    this.open?.query.ask();
  }

  closeThread(): void {
    this.gestures.stops();
    this.gestures.choosing = null;
    if (this.draft) this.#drafts.leave(this.draft);
    this.finding = null;
    this.passing = false;
    this.open = null;
    this.draft = null;
  }

  /** The row of the open thread, as the thread itself was read. */
  get openRow(): ThreadRow | null {
    return this.open?.view?.row ?? null;
  }

  /**
   * Opens the row so many places further in the list, at most the last; the focus stays in the kind of place where
   * it is.
   */
  step(by: number, from: ThreadRef | null = this.open?.thread ?? null): void {
    this.list.settle();
    const { rows } = this.list;
    const at = rows.findIndex((row) => row.thread === from);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(at + by, rows.length - 1))];
    if (next) this.openThread(next.thread, focusedPlace());
  }

  /** The thread beside this one in the list: the next that waits and can be answered, else the next. */
  following(thread: ThreadRef): ThreadRef | null {
    const { rows } = this.list;
    const at = rows.findIndex((row) => row.thread === thread);
    const onward = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))].filter(
      (row) => row.thread !== thread,
    );
    const waits = (row: ThreadRow) =>
      this.answered.stillWaits(row) && !isShut(row, this.clock.minuteMs);
    return (onward.find(waits) ?? onward[0])?.thread ?? null;
  }

  /**
   * Who comes after this thread: of mine and the queue, the list's own view first, whoever waits longest and can be
   * answered; in any other view, of that.
   */
  longestWaitBeside(thread: ThreadRef): Promise<Found | null> {
    const { view } = this.list;
    const views: Record<View, View[]> = {
      mine: ['mine', 'unassigned'],
      unassigned: ['unassigned', 'mine'],
      all: ['all'],
      done: ['done'],
      blocked: ['blocked'],
    };
    return this.#whoWaits(views[view], thread);
  }

  /**
   * Opens who comes next, claiming them from the queue; the list shows mine then. Whom a colleague was faster to claim is
   * passed over; false when nobody is left.
   */
  async goOnTo(found: Found | null, from: ThreadRef | null): Promise<boolean> {
    let next = found;
    while (next !== null) {
      const { row, view } = next;
      if (view !== 'unassigned' || (await this.#claims(row.thread))) {
        if (view === 'unassigned') this.list.show('mine');
        this.openThread(row.thread);
        return true;
      }
      this.#next.visit(row);
      next = await this.#whoWaits(['mine', 'unassigned'], from);
    }
    return false;
  }

  /** False when somebody else was faster. */
  async #claims(thread: ThreadRef): Promise<boolean> {
    try {
      await this.host.call('assign', { thread, toMe: true });
      return true;
    } catch (thrown) {
      if (asCommandError(thrown).code === 'threadChanged') return false;
      throw thrown;
    }
  }

  /** Leaves this thread for the one that waits longest, taking it from the queue when none of mine waits. */
  async nextToDo(): Promise<void> {
    if (this.#goesOn) return;
    this.#goesOn = true;
    const place = focusedPlace();
    this.ahead.begin();
    try {
      const here = this.open?.thread ?? null;
      if (this.openRow) this.#next.visit(this.openRow);
      const next = await this.#whoWaits(['mine', 'unassigned'], here);
      if (next?.view === 'mine') this.list.show('mine');
      if (!(await this.goOnTo(next, here))) this.toasts.show({ text: words.list.nobodyWaits });
    } finally {
      this.#goesOn = false;
      this.stay(place);
    }
  }

  #goesOn = false;

  /** Nobody came next: what was typed meanwhile stays with the thread that is open, and the focus where it was. */
  stay(place: Place = 'composer'): void {
    if (!this.ahead.holds) return;
    const text = this.ahead.take();
    this.draft?.append(text);
    this.wanted = this.draft && text !== '' ? 'composer' : place;
  }

  #whoWaits(views: View[], but: ThreadRef | null) {
    const { account } = this.list;
    return this.#next.find(views, but, this.clock.minuteMs, (view, after) =>
      this.host.call('listThreads', {
        view,
        account,
        sort: 'needsReply',
        after,
        upTo: null,
        limit: 20,
      }),
    );
  }

  /** Done, or open again. */
  async toggleDone(row: ThreadRow): Promise<void> {
    const done = row.status.status === 'done';
    const before = row.status;
    const set = (status: ThreadRow['status']) =>
      this.host.call('setStatus', { thread: row.thread, status });
    const next = this.following(row.thread);
    const goesOn = !done && this.open?.thread === row.thread;
    const place = focusedPlace();
    if (goesOn && place === 'composer') this.ahead.begin();
    await this.act(async () => {
      await set({ status: done ? 'open' : 'done' });
      const text = done ? words.thread.wasReopened(row.name) : wasDone(row);
      this.#offerUndo(text, async () => {
        const focus = focusedPlace();
        await set(before);
        // Its row takes the focus, so it has to be there again.
        await this.list.query.read();
        this.openThread(row.thread, focus);
      });
      if (done || this.open?.thread !== row.thread) return;
      if (next !== null) return this.openThread(next, focusedPlace());
      this.closeThread();
      this.wanted = 'list';
    });
    this.stay(place);
  }

  async toggleMine(row: ThreadRow): Promise<void> {
    const assign = (toMe: boolean) => this.host.call('assign', { thread: row.thread, toMe });
    await this.act(async () => {
      await assign(!row.mine);
      const text = row.mine ? words.thread.unassigned(row.name) : words.thread.assigned(row.name);
      this.#offerUndo(text, () => assign(row.mine));
    });
  }

  async markUnread(row: ThreadRow): Promise<void> {
    await this.act(async () => {
      if (this.open?.thread === row.thread) await this.open.markUnread();
      else await this.host.call('mark', { thread: row.thread, read: false });
      this.toasts.show({ text: words.thread.wasUnread(row.name) });
    });
  }

  /** Does something about control; giving away is held for a while. */
  control(row: ThreadRow, act: ControlAct, pass: Passing = NO_NOTE): void {
    const { to, note } = pass;
    const run = () =>
      void this.act(async () => {
        await this.host.call('actOnControl', { thread: row.thread, act, to, note });
        // Whoever takes a thread works on it.
        const forMe = act === 'take' && row.assignee === null;
        if (forMe) await this.host.call('assign', { thread: row.thread, toMe: true });
        this.toasts.show({ text: forMe ? words.acts.takenForYou : words.acts.done[act] });
      });
    const heldText = this.#heldText(row, act, pass.name);
    if (heldText === null) return run();
    this.held.hold(run, (undo, now) =>
      this.toasts.show({
        text: heldText,
        heldMs: 5_000,
        acts: [
          { label: words.common.undo, run: undo },
          { label: words.acts.now, run: now },
        ],
      }),
    );
  }

  /** Shows the customer that everything was read, because the agent says so. */
  async markSeen(row: ThreadRow): Promise<void> {
    await this.act(async () => {
      await this.host.call('markSeen', { thread: row.thread, byHand: true });
      this.toasts.show({ text: words.gestures.seenDone(row.name) });
    });
  }

  /** Blocks the customer, or lets them through again; held for a while, because Meta does it for everybody. */
  block(row: ThreadRow, block: BlockView): void {
    const account = this.session.data?.accounts.find(({ id }) => id === row.account);
    if (account?.role === 'agent') {
      this.toasts.show({ text: words.blocking.mayNot });
      return;
    }
    const run = () =>
      void this.act(async () => {
        await this.host.call('blockCustomer', { thread: row.thread, block });
        this.toasts.show({ text: words.blocking.done[block](row.name) });
      });
    this.held.hold(run, (undo, now) =>
      this.toasts.show({
        text: words.blocking.held[block](row.name),
        heldMs: 5_000,
        acts: [
          { label: words.common.undo, run: undo },
          { label: words.acts.now, run: now },
        ],
      }),
    );
  }

  #heldText(row: ThreadRow, act: ControlAct, app: string | null): string | null {
    const { held } = words.acts;
    if (act === 'passToApp') return held.passToApp(app ?? words.anotherApp, row.name);
    if (act === 'passToDefault') return held.passToDefault(row.owner.defaultAppName, row.name);
    if (act === 'passToInbox') return held.passToInbox(words.metaInbox(row.channel), row.name);
    return act === 'release' ? held.release(row.name) : null;
  }

  /** Runs something of the agent's and says what went wrong. */
  async act(run: () => Promise<void>, what = ''): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const { message, action, link } = asCommandError(thrown);
      const acts = link === null ? [] : [this.opens(link)];
      this.toasts.show({
        tone: 'bad',
        text: [what, message, action].filter(Boolean).join(' '),
        acts,
      });
    }
  }

  /** Opens the page of Meta where an administrator can put something right. */
  opens(address: string): ToastAct {
    const run = () =>
      void this.act(async () => {
        await this.host.call('openOutside', { open: 'address', address });
      });
    return { label: words.acts.setting, run };
  }

  #offerUndo(text: string, back: () => Promise<unknown>): void {
    const run = () => {
      this.#undo = null;
      drop();
      void this.act(async () => void (await back()));
    };
    const drop = this.toasts.show({
      text,
      acts: [{ label: words.common.undo, run, key: 'Ctrl+Z' }],
    });
    this.#undo = run;
  }

  /** A reply that is kept back can be taken back into its composer, or let go at once. */
  offerTakeBack(row: ThreadRow, parts: string[], holdMs: number): void {
    const each = (name: 'discardPart' | 'sendPartNow') =>
      this.act(async () => {
        // What was pressed together is taken back, and let go, together.
        const [part] = parts;
        if (part !== undefined) await this.host.call(name, { part });
        if (name === 'discardPart') this.openThread(row.thread);
      });
    const end = () => {
      clearTimeout(timer);
      drop();
      if (this.#undo === undo) this.#undo = null;
      if (this.#takeBack === undo) this.#takeBack = null;
    };
    const undo = () => {
      end();
      void each('discardPart');
    };
    const now = () => {
      end();
      void each('sendPartNow');
    };
    const drop = this.toasts.show({
      text: words.composer.held(row.name),
      heldMs: holdMs,
      acts: [
        { label: words.common.undo, run: undo, key: 'Ctrl+Z' },
        { label: words.thread.sendNow, run: now },
      ],
    });
    const timer = setTimeout(end, holdMs);
    this.#undo = undo;
    this.#takeBack = undo;
  }

  /** Takes back the last reply that is kept back; false when none is. */
  takeBackReply(): boolean {
    const takeBack = this.#takeBack;
    takeBack?.();
    return takeBack !== null;
  }

  #undo: (() => void) | null = null;
  #takeBack: (() => void) | null = null;

  /** Takes back the last act that can be taken back; once. */
  undoLast(): void {
    if (!this.held.undo()) this.#undo?.();
  }

  /** What has not left, while the agent is asked whether to close. */
  closing = $state.raw<NotLeft[] | null>(null);

  async #askToClose(): Promise<void> {
    await this.act(async () => {
      const notLeft = await this.host.call('notLeft', null);
      // It left while it was asked for.
      if (notLeft.length === 0) await this.host.call('quit', null);
      else this.closing = notLeft;
    });
  }

  /** Something may have left while the agent is asked. */
  async #stillNotLeft(): Promise<void> {
    await this.act(async () => {
      const notLeft = await this.host.call('notLeft', null);
      if (this.closing) this.closing = notLeft;
    });
  }

  #hear(notice: Notice): void {
    switch (notice.notice) {
      case 'threads':
        if (this.closing) void this.#stillNotLeft();
        this.list.query.ask();
        this.#askSearches();
        if (this.open && notice.threads.includes(this.open.thread)) this.open.query.ask();
        return;
      case 'lists':
        this.#askSearches();
        return this.list.query.ask();
      case 'status':
        return this.status.ask();
      case 'session':
        // A token that died or works again changes what may be sent where nothing else happened.
        this.open?.query.ask();
        return this.session.ask();
      case 'login':
        return this.login.ask();
      case 'closing':
        return void this.#askToClose();
      case 'all':
        this.session.ask();
        this.login.ask();
        this.status.ask();
        this.list.query.ask();
        this.#askSearches();
        this.open?.query.ask();
    }
  }

  #askSearches(): void {
    this.search.ask();
    this.finding?.ask();
  }
}

/** Somebody who still waits for an answer is not set aside without a word about it. */
const wasDone = ({ name, needsReply }: ThreadRow): string =>
  needsReply ? words.thread.wasDoneUnanswered(name) : words.thread.wasDone(name);

const KEY = Symbol('desk');

export function provideDesk(desk: Desk): Desk {
  return setContext(KEY, desk);
}

export function useDesk(): Desk {
  return getContext<Desk>(KEY);
}

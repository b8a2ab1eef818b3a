/**
 * The page's view of this desk: everything that more than one part of the page looks at.
 *
 * Promises: it keeps no truth of its own; each notice of the host makes what it names be read again, once
 * per frame. Acts come back as toasts, with a way back where there is one.
 */
import { getContext, setContext } from 'svelte';
import type { Draft } from '$features/composer/draft.svelte';
import { Board } from '$features/board/board.svelte';
import { Drafts, type Written } from '$features/composer/drafts';
import type { NoteDraft } from '$features/notes/note-draft.svelte';
import { Labels } from '$features/labels/labels.svelte';
import { ThreadList } from '$features/list/list.svelte';
import { Many } from '$features/many/many.svelte';
import { HeldAct } from '$features/thread/held-act.svelte';
import { whyNotSet } from '$features/thread/assigning';
import { Presence } from '$features/presence/presence.svelte';
import { Search } from '$features/search/search.svelte';
import { SavedLists } from '$features/views/saved-views.svelte';
import { Beside } from '$features/thread/beside';
import { OpenThread } from '$features/thread/open-thread.svelte';
import { PageClock } from '$lib/clock.svelte';
import { moment } from '$lib/format/time';
import type {
  AccountView,
  BlockView,
  CommandErrorCode,
  ControlAct,
  LoginView,
  Ms,
  NotLeft,
  RoleView,
  Session,
  StatusLine,
  StatusView,
  ThreadRef,
  ThreadRow,
} from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { Toasts, type ToastAct } from '$lib/toasts.svelte';
import { words } from '$lib/words';
import { ActFirst } from './act-first';
import { Ahead } from './ahead';
import { Alerts } from './alerts.svelte';
import { Answered } from './answered';
import { Attention } from './attention';
import { Gestures } from './gestures.svelte';
import { GoingOn } from './going-on';
import { HeldActs, NO_NOTE, type Passing } from './held-acts';
import { Logins } from './logins.svelte';
import type { Found } from './next-to-do';
import { News } from './news';
import { focusedPlace, isNarrow, type Place } from './place';
import { Setbacks } from './setbacks';
import { Settings } from './settings.svelte';
import { TakingBack } from './taking-back';
import { Teamwork } from './teamwork.svelte';

export class Desk {
  readonly host: Host;
  readonly settings: Settings;
  readonly clock = new PageClock(() => this.status.ask());
  readonly toasts = new Toasts();
  readonly held = new HeldAct();
  readonly answered = new Answered();
  /** What is typed while the next thread is being found. */
  readonly ahead = new Ahead();
  /** What a key leads to from the open thread, read before. */
  readonly beside: Beside;
  readonly #goingOn = new GoingOn(this);
  readonly #heldActs = new HeldActs(this);
  readonly #back = new TakingBack(this);
  readonly #news = new News(this);
  readonly session: Query<Session>;
  readonly status: Query<StatusLine>;
  /** How a login with Meta stands; read by whoever shows one. */
  readonly login: Query<LoginView>;
  readonly logins = new Logins(this.toasts, () => this.login.data);
  readonly list: ThreadList;
  readonly search: Search;
  /** Looking inside the open thread; none while nobody does. */
  finding = $state.raw<Search | null>(null);
  open = $state.raw<OpenThread | null>(null);
  /** What is written in the open thread. */
  written = $state.raw<Written | null>(null);
  /** A private note is written there, not a reply. */
  noting = $state(false);
  readonly #drafts: Drafts;
  /** The account that the agent removes, and need not be told of when it goes. */
  removing: string | null = null;
  /** A row that has the focus although nobody went to it: it was lent, or another thread was opened since. */
  lent = $state.raw<ThreadRef | null>(null);
  /** The open thread is being passed on: to whom, and with which note, is asked. */
  passing = $state(false);
  /** Where the focus is to go; whoever it is takes it, once it is on the screen. */
  wanted = $state.raw<Place | null>(null);
  readonly #setbacks: Setbacks;
  readonly gestures: Gestures;
  readonly team: Teamwork;
  readonly labels: Labels;
  readonly many: Many;
  readonly board: Board;
  readonly savedLists: SavedLists;
  /** The thread that is being snoozed: until when, is asked. */
  snoozing = $state.raw<ThreadRow | null>(null);
  /** Who is there. */
  readonly presence: Presence;
  /** What this agent is told of wherever they are. */
  readonly alerts: Alerts;
  #attention = new Attention();

  /** `ownBoard`: the page is the board's own window. */
  constructor(host: Host, ownBoard = false) {
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
    this.login = new Query<LoginView>({
      load: () => host.call('login', null),
      take: (login, before) => {
        this.logins.went(login, before);
        return login;
      },
    });
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
      row: (thread) => this.rowOf(thread),
    });
    this.gestures = new Gestures(host, {
      act: (run, thread) => this.act(run, '', thread),
      read: async (thread) => {
        if (this.open?.thread === thread) await this.open.query.read();
      },
    });
    this.team = new Teamwork(host, {
      act: (run, thread) => this.act(run, '', thread),
      undo: (...offer) => this.#back.offer(...offer),
      tell: (...told) => this.tellOf(...told),
      read: async (thread) => {
        if (this.open?.thread === thread) await this.open.query.read();
      },
      role: (row) => this.roleOn(row.account),
      toasts: this.toasts,
      held: this.held,
      open: () => this.open?.thread ?? null,
    });
    this.presence = new Presence(host, ownBoard ? 'showsOnBoard' : 'shows');
    this.alerts = new Alerts(host, this.toasts, {
      open: () => this.open?.thread ?? null,
      openThread: (thread) => this.openThread(thread),
      openMine: () => {
        this.search.clear();
        this.list.show('mine');
        this.wanted = 'list';
      },
      act: (run) => this.act(run),
      says: ownBoard ? 'lookAtOnBoard' : 'lookAt',
    });
    this.beside = new Beside(host, () => this.#besideOpen());
    this.list = new ThreadList(host, this.settings);
    this.search = new Search(host);
    this.labels = new Labels(host, { act: (run, thread) => this.act(run, '', thread) });
    this.many = new Many(host, {
      toasts: this.toasts,
      undo: (text, tone, back) => this.#back.offerBack({ text, tone }, back),
      begun: () => this.list.picked.clear(),
      movesAny: (thread) => {
        const row = this.rowOf(thread);
        return row !== null && this.roleOn(row.account) !== 'agent';
      },
    });
    this.board = new Board(host, this.settings, { many: () => this.many }, ownBoard);
    this.savedLists = new SavedLists(host, {
      act: (run) => this.act(run),
      undo: (text, back) => this.#back.offerBack({ text }, back),
      heard: (views) => this.list.hearSaved(views),
    });
  }

  /** Begins to listen and to tick, then reads what every page needs. */
  start(): () => void {
    const stops = [
      this.clock.start(),
      this.host.listen((notice) => this.#news.hear(notice)),
      this.presence.watch(),
      this.alerts.watch(),
      this.#attention.watch(() => {
        this.open?.noticeAttention();
        const seen = this.#attention.fresh ? this.open?.thread : undefined;
        if (seen !== undefined) this.#setbacks.seen(seen);
      }),
      () => this.board.stop(),
      () => this.beside.stop(),
      () => this.#news.stop(),
    ];
    const leave = () => {
      this.held.flush();
      void this.written?.save();
    };
    // Between two tries of the desk's own there may be half a minute.
    const online = () => void this.host.call('wake', null).catch(() => {});
    window.addEventListener('pagehide', leave);
    window.addEventListener('online', online);
    void this.session.read();
    void this.status.read();
    void this.presence.query.read();
    void this.alerts.query.read();
    void this.labels.query.read();
    void this.savedLists.query.read();
    return () => {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('online', online);
      for (const stop of stops) stop();
    };
  }

  /** Opens a thread. Its composer gets the focus, unless somebody works elsewhere and goes on there. */
  openThread(thread: ThreadRef, focus: Place = 'composer'): void {
    if (this.open?.thread !== thread) {
      this.closeThread();
      const written = this.#drafts.of(thread);
      const given = () => this.#attention.given;
      const open = new OpenThread(this.host, thread, given, written, this.beside.take(thread));
      open.read = () => {
        if (this.settings.values.markSeen === 'onOpen') this.gestures.seen(thread);
      };
      written.again = () => open.query.ask();
      this.open = open;
      this.written = written;
      void open.query.read().then(() => {
        if (this.open === open) this.beside.look();
      });
      this.toasts.opened(thread);
    }
    this.draft?.append(this.ahead.take());
    // Beside a thread that takes all the room there is no list that could have the focus.
    this.wanted = focus === 'list' && isNarrow() ? 'thread' : focus;
  }

  /** Opens what was found: a customer's thread, or a message in its own. */
  openFound(at: number): void {
    const { names, hits, firstHit } = this.search;
    this.search.at = at;
    if (this.search.leadsToMore(at)) return void this.search.morePeople();
    const name = names[at];
    if (name) return this.openThread(name.thread);
    const hit = hits[at - firstHit];
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
    // A desk that was cut off lost everything, and says so on the whole page.
    if (session.cutOff) return this.#forgetAll();
    for (const { id, name } of before)
      if (lost(id) && id !== this.removing) this.toasts.show({ text: words.accounts.lost(name) });
    if (this.list.account !== null && lost(this.list.account)) this.list.only(null);
    if (!this.openRow || !lost(this.openRow.account)) return;
    this.#nothingOpen();
  }

  /** What was read before this desk was cut off is not kept here either. */
  #forgetAll(): void {
    this.beside.stop();
    this.#nothingOpen();
    this.search.clear();
    this.list.forget();
    this.board.forget();
    this.labels.forget();
    this.savedLists.forget();
    this.many.asking = null;
    this.snoozing = null;
  }

  /** A minute of Meta's time went by, or it jumped: windows and control may have lapsed without any entry. */
  timePassed(): void {
    this.list.query.ask();
    this.board.ask();
    this.open?.query.ask();
  }

  closeThread(): void {
    this.gestures.stops();
    this.gestures.choosing = null;
    if (this.written) this.#drafts.leave(this.written);
    this.#nothingOpen();
  }

  #nothingOpen(): void {
    this.finding = null;
    this.passing = false;
    this.noting = false;
    this.open = null;
    this.written = null;
  }

  /** The reply that is written in the open thread. */
  get draft(): Draft | null {
    return this.written?.reply ?? null;
  }

  /** The private note that is written there. */
  get note(): NoteDraft | null {
    return this.written?.note ?? null;
  }

  /** Writes a private note in the open thread, or goes back to the reply; its text box takes the focus. */
  writeNote(on = !this.noting): void {
    this.noting = on;
    this.wanted = 'composer';
  }

  /** The note was added: the reply has its place, and the focus where the note had it. */
  leaveNote(): void {
    const hadFocus = focusedPlace() === 'composer';
    this.noting = false;
    if (hadFocus) this.wanted = 'composer';
  }

  /** The row of the open thread, as the thread itself was read. */
  get openRow(): ThreadRow | null {
    return this.open?.view?.row ?? null;
  }

  /** What is known of a thread: as it was read itself where it is open, else as the list has it. */
  rowOf(thread: ThreadRef): ThreadRow | null {
    if (this.openRow?.thread === thread) return this.openRow;
    return this.list.rows.find((row) => row.thread === thread) ?? this.board.card(thread);
  }

  /**
   * Opens the row so many places further in the list, at most the last; the focus stays in the kind of place where
   * it is. Says so where the list ends.
   */
  step(by: number, from: ThreadRef | null = this.open?.thread ?? null): void {
    this.list.settle();
    const rows = this.#rowsAround(from);
    const at = rows.findIndex((row) => row.thread === from);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(at + by, rows.length - 1))];
    const isHere = next?.thread === from && next?.thread === this.open?.thread;
    if (next && !isHere) this.openThread(next.thread, focusedPlace());
    else this.toasts.show({ text: this.#atEnd(by, next), here: true });
  }

  #rowsAround(thread: ThreadRef | null): ThreadRow[] {
    return (this.board.on ? this.board.around(thread) : this.list).rows;
  }

  /** Where one step leads from the open thread, downwards first. */
  #besideOpen(): ThreadRef[] {
    if (!this.open) return [];
    const { thread } = this.open;
    const rows = this.#rowsAround(thread);
    const at = rows.findIndex((row) => row.thread === thread);
    if (at < 0) return [];
    return [rows[at + 1], rows[at - 1]].flatMap((row) => (row ? [row.thread] : []));
  }

  #atEnd(by: number, row: ThreadRow | undefined): string {
    const w = words.list;
    if (!row)
      return this.list.isFiltered ? words.emptyFiltered.what : words.emptyView[this.list.view].what;
    return by > 0 ? w.last : w.first;
  }

  /** Where one goes on when this thread leaves the list: to the row below it, at the end of the list to the one above. */
  following(thread: ThreadRef): ThreadRef | null {
    const { rows } = this.list;
    const at = rows.findIndex((row) => row.thread === thread);
    return (rows[at + 1] ?? rows[at - 1])?.thread ?? null;
  }

  /**
   * Who comes after this thread: of mine and the queue, the list's own view first, whoever waits longest and can be
   * answered; in the list of all, whoever waits longest in that.
   */
  longestWaitBeside(thread: ThreadRef): Promise<Found | null> {
    return this.#goingOn.longestWaitBeside(thread);
  }

  /** Opens who comes next, claiming whoever is nobody's; false when nobody is left. */
  goOnTo(found: Found | null, from: ThreadRef | null): Promise<boolean> {
    return this.#goingOn.goOnTo(found, from);
  }

  /** Leaves this thread for the one that waits longest, taking it from the queue when none of mine waits. */
  nextToDo(): Promise<void> {
    return this.#goingOn.nextToDo();
  }

  /** Nobody came next: what was typed meanwhile stays with the thread that is open, and the focus where it was. */
  stay(place?: Place): void {
    this.#goingOn.stay(place);
  }

  /** Done, or open again. */
  async toggleDone(row: ThreadRow): Promise<void> {
    const isDone = row.status.status === 'done';
    if (this.#mayNotSet(row, isDone ? 'open' : 'done')) return;
    if (row.status.status !== 'done') return this.#setStatus(row, { status: 'done' }, wasDone(row));
    return this.#setStatus(row, { status: 'open' }, words.thread.wasReopened(row.name));
  }

  /** It is the customer's turn, or the team's again. The thread stays where it is. */
  async toggleWaits(row: ThreadRow): Promise<void> {
    const waits = row.status.status === 'waitingOnCustomer';
    if (this.#mayNotSet(row, waits ? 'open' : 'waitingOnCustomer')) return;
    if (waits) return this.#setStatus(row, { status: 'open' }, words.thread.wasReopened(row.name));
    return this.#setStatus(row, { status: 'waitingOnCustomer' }, words.thread.nowWaits(row.name));
  }

  /** Asks until when a thread is to be set aside; says so where a colleague works on it. */
  askToSnooze(row: ThreadRow): void {
    if (!this.#mayNotSet(row, 'snoozed')) this.snoozing = row;
  }

  /** Says why this agent cannot set a thread so; false where that can work. */
  #mayNotSet(row: ThreadRow, to: StatusView['status']): boolean {
    const why = whyNotSet(row, this.roleOn(row.account), to);
    if (why !== null) this.toasts.show({ text: why, here: true });
    return why !== null;
  }

  /** Sets a thread aside until a moment. */
  snooze(row: ThreadRow, untilMs: Ms): Promise<void> {
    const when = moment(untilMs, this.clock.minuteMs);
    const text = words.snooze.slept(row.name, when);
    return this.#setStatus(row, { status: 'snoozed', untilMs }, text);
  }

  /** Wakes a thread before its time. */
  wake(row: ThreadRow): Promise<void> {
    return this.#setStatus(row, { status: 'open' }, words.snooze.woken(row.name));
  }

  /** Sets where a thread stands, and goes on where it is set aside while it is open. */
  async #setStatus(row: ThreadRow, status: ThreadRow['status'], text: string): Promise<void> {
    const isAside = status.status === 'done' || status.status === 'snoozed';
    const before = row.status;
    const set = (to: ThreadRow['status']) =>
      this.host.call('setStatus', { thread: row.thread, status: to });
    const next = this.following(row.thread);
    const goesOn = isAside && this.open?.thread === row.thread;
    const place = focusedPlace();
    if (goesOn && place === 'composer') this.ahead.begin();
    await this.actOn(row.thread, async () => {
      await set(status);
      const isSo = ({ status: now }: ThreadRow) =>
        isAside ? now.status === status.status : now.status !== before.status;
      const back = async () => {
        const focus = focusedPlace();
        await set(before);
        // Its row takes the focus, so it has to be there again.
        await this.list.query.read();
        this.openThread(row.thread, focus);
      };
      // Who said that a colleague's thread is done cannot open it again.
      const mayTakeBack = whyNotSet(row, this.roleOn(row.account), before.status) === null;
      if (mayTakeBack) this.#back.offer(text, row.thread, isSo, back);
      else this.tellOf(row.thread, text, isSo);
      if (!isAside || this.open?.thread !== row.thread) return;
      if (next !== null) return this.openThread(next, focusedPlace());
      this.closeThread();
      this.wanted = 'list';
    });
    this.stay(place);
  }

  /** Whether the board is what is shown first: it was last, or a supervisor who is no admin starts for the first time. */
  get startsOnBoard(): boolean {
    const { start } = this.settings.values;
    const roles = (this.session.data?.accounts ?? []).map(({ role }) => role);
    if (start !== '') return start === 'board' && this.supervises;
    return roles.includes('supervisor') && !roles.includes('admin');
  }

  /** Whether this agent moves anybody's threads somewhere: the board is for them. */
  get supervises(): boolean {
    return (this.session.data?.accounts ?? []).some(({ role }) => role !== 'agent');
  }

  /** What this agent is on an account; null where that is not known. */
  roleOn(id: string): RoleView | null {
    return this.session.data?.accounts.find((account) => account.id === id)?.role ?? null;
  }

  async markUnread(row: ThreadRow): Promise<void> {
    await this.actOn(row.thread, async () => {
      if (this.open?.thread === row.thread) await this.open.markUnread();
      else await this.host.call('mark', { thread: row.thread, read: false });
      this.tellOf(row.thread, words.thread.wasUnread(row.name), (now) => now.unread > 0);
    });
  }

  /** Does something about control; giving away is held for a while. */
  control(row: ThreadRow, act: ControlAct, pass: Passing = NO_NOTE): void {
    this.#heldActs.control(row, act, pass);
  }

  /** The agent goes on working here: what waits to give this thread away is taken back. False when nothing was. */
  keepsThread(thread: ThreadRef): boolean {
    return this.#heldActs.keeps(thread);
  }

  /** Shows the customer that everything was read, because the agent says so. */
  async markSeen(row: ThreadRow): Promise<void> {
    await this.actOn(row.thread, async () => {
      await this.host.call('markSeen', { thread: row.thread, byHand: true });
      this.toasts.show({ text: words.gestures.seenDone(row.name) });
    });
  }

  /** Blocks the customer, or lets them through again; held for a while, because Meta does it for everybody. */
  block(row: ThreadRow, block: BlockView): void {
    this.#heldActs.block(row, block);
  }

  /**
   * Runs something of the agent's and says what went wrong, until that is mended. `thread`: the one that it was about;
   * whoever opens it sees how it stands.
   */
  async act(run: () => Promise<void>, what = '', thread: ThreadRef | null = null): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const { code, message, action, link } = asCommandError(thrown);
      const acts = link === null ? [] : [this.opens(link)];
      this.toasts.show({
        tone: 'bad',
        text: [what, message, action].filter(Boolean).join(' '),
        acts,
        thread,
        holds: () => this.#isAway(code),
      });
    }
  }

  /** The same, of something about one thread. */
  actOn(thread: ThreadRef, run: () => Promise<void>): Promise<void> {
    return this.act(run, '', thread);
  }

  /** Whether what did not answer is away still; null of any other trouble. */
  #isAway(code: CommandErrorCode): boolean | null {
    const { relay, meta } = this.status.data ?? {};
    if (code === 'relayUnreachable') return relay ? relay.health !== 'good' : null;
    if (code === 'metaUnreachable') return meta ? meta.health === 'bad' : null;
    return null;
  }

  /** Whether the relay is away, as far as is known. */
  get isRelayAway(): boolean {
    return this.status.data?.relay.health === 'bad';
  }

  /** Whether replies of this account wait for the relay, as far as is known: it is away, and they do not leave unchecked. */
  waitsForRelay(id: string): boolean {
    if (!this.isRelayAway) return false;
    return !this.session.data?.accounts.find((account) => account.id === id)?.sendsUnchecked;
  }

  /** Tells how a thread stands now, as long as it does. */
  tellOf(thread: ThreadRef, text: string, isSo: (row: ThreadRow) => boolean): void {
    this.toasts.show({ text, thread, holds: () => this.holds(thread, isSo) });
  }

  /** A thread that left the list left it by that act, until it comes back and stands otherwise. */
  holds(thread: ThreadRef, isSo: (row: ThreadRow) => boolean): boolean {
    const row = this.rowOf(thread);
    return row === null || isSo(row);
  }

  /** Opens the page of Meta where an administrator can put something right. */
  opens(address: string): ToastAct {
    const run = () =>
      void this.act(async () => {
        await this.host.call('openOutside', { open: 'address', address });
      });
    return { label: words.acts.setting, run };
  }

  /** Tells what was done about no one thread, and offers to take it back. */
  offerBack(text: string, back: () => Promise<void>): void {
    this.#back.offerBack({ text }, back);
  }

  /** A reply that is kept back can be taken back into its composer, or let go at once. */
  offerTakeBack(row: ThreadRow, parts: string[], holdMs: number): void {
    this.#back.offerReply(row, parts, holdMs);
  }

  /**
   * Takes back the last act that can be taken back, then the replies that are kept back still. False when there is none.
   * `isFresh`: only what was done a moment ago, where the key may mean something else too.
   */
  undoLast(isFresh = false): boolean {
    return this.#back.last(isFresh);
  }

  /** What has not left, while the agent is asked whether to close. */
  closing = $state.raw<NotLeft[] | null>(null);

  /** The window is to be closed: asks first where something has not left. */
  async askToClose(): Promise<void> {
    await this.act(async () => {
      const notLeft = await this.host.call('notLeft', null);
      // It left while it was asked for.
      if (notLeft.length === 0) await this.host.call('quit', null);
      else this.closing = notLeft;
    });
  }

  /** Something may have left while the agent is asked. */
  async stillNotLeft(): Promise<void> {
    await this.act(async () => {
      const notLeft = await this.host.call('notLeft', null);
      if (this.closing) this.closing = notLeft;
    });
  }

  /** What the agent does here, whose answer is drawn before the news that it makes. */
  readonly actFirst = new ActFirst((notice) => this.#news.hear(notice));
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

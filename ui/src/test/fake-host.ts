/**
 * A host made of plain data, for tests of the page and for looking at it.
 *
 * It answers each command from `answers`; a test replaces one to fail, to wait or to say something else. It
 * keeps every call, and `tell` sends a notice. It has no rules of its own: what may be sent is in the data.
 */
import type {
  AlertsView,
  AttachFile,
  BeforeView,
  BoardAgent,
  BoardColumn,
  BoardWork,
  CannedReplies,
  CommandError,
  CommandErrorCode,
  ErasureView,
  HandedDraftView,
  Hindrance,
  Item,
  LabelsView,
  LabelView,
  LoginView,
  ManyAct,
  MediaView,
  Member,
  NoteDraft,
  Notice,
  OnScreen,
  OpeningView,
  OutcomeView,
  PeopleView,
  PresenceView,
  QuoteView,
  ReadBoard,
  ReadColumn,
  SavedViews,
  ThreadRow,
  View,
} from '$lib/contract';
import type { CommandName, Host, Playable, Request, Response } from '$lib/host';
import {
  DAY,
  HOUR,
  kite,
  members,
  northwind,
  NOW,
  openInvite,
  peopleView,
  rows as allRows,
  session,
  team,
} from './people';
import { alertsView, media, noNote, status, threadView } from './said';
import { isShut } from '../app/next-to-do';

/** A view that was just kept counts nothing yet. */
const NOTHING_IN_IT = { labelIsGone: false, all: 0, waiting: 0 };

const SOON_MS = 6 * HOUR;
const endsSoon = ({ freeUntilMs }: ThreadRow) =>
  freeUntilMs !== null && freeUntilMs > NOW && freeUntilMs - NOW <= SOON_MS;

/** Of one that needs a reply, when the next of window and late window ends. */
const endsMs = ({ needsReply, freeUntilMs, lateUntilMs }: ThreadRow): number | null =>
  [freeUntilMs, lateUntilMs].find((ms) => needsReply && ms !== null && ms > NOW) ?? null;

/** The address of a login. */
export const LOGIN_LINK = 'https://www.facebook.com/v26.0/dialog/oauth?state=login_s';

type Answers = { [K in CommandName]: (request: Request<K>) => Response<K> | Promise<Response<K>> };

export class FakeHost implements Host {
  calls: { name: CommandName; request: unknown }[] = [];
  rows: ThreadRow[] = allRows;
  settings = new Map<string, string>();
  storeVersion = 1;
  drafts = new Map<number, string>();
  /** What is written as notes. */
  notes = new Map<number, NoteDraft>();
  /** What stands around drafts. */
  answering = new Map<number, string | null>();
  offering = new Map<number, string[]>();
  login: LoginView = { state: 'none' };
  canned: CannedReplies = {
    replies: [
      { name: 'bye', text: 'Goodbye, and thank you.', shared: false },
      { name: 'hours', text: 'Dear {name}, {account} is open from nine. {agent}', shared: true },
      { name: 'order', text: 'Your order {order number} is on its way.', shared: true },
    ],
    mayShare: true,
  };
  presence: PresenceView = team();
  labels: LabelsView = {
    labels: [
      { id: 'l-late', name: 'parcel late', colour: '#b53073' },
      { id: 'l-box', name: 'autumn box', colour: '#286ebd' },
      { id: 'l-vip', name: 'VIP', colour: '#cfa417' },
    ],
    mayDefine: true,
    nameMax: 40,
    most: 200,
  };
  savedViews: SavedViews = { views: [], most: 30, nameMax: 40 };
  /** How many open threads one agent gets by the rules at most. */
  limit = 20;
  /** Who is on the board besides the members. */
  moreAgents: BoardAgent[] = [];
  /** Whether the host opens windows. */
  opensWindows = true;
  /** Why an act on many does not go for a thread. */
  hinders: (row: ThreadRow, act: ManyAct) => Hindrance | null = ({ status }, { act }) =>
    act === 'done' && status.status === 'done' ? 'alreadySo' : null;
  people: PeopleView = peopleView();
  /** How the erasure of each thread's customer stands. */
  erasures = new Map<number, ErasureView>();
  alerts: AlertsView = alertsView();
  vault = { held: 412_000_000, room: 2_147_483_648, usual: 2_147_483_648, least: 134_217_728 };
  /** Pictures by id, where a drawn one will not do; sounds and videos by id. */
  pictures = new Map<string, string>();
  playables = new Map<string, string>();
  /** Threads whose pictures somebody chose to see. */
  familiar = new Set<number>();
  /** What was handed over with threads. */
  handed = new Map<number, HandedDraftView>();
  /** What is being played and was not let go. */
  playing: string[] = [];
  plays: 'gstreamer' | 'system' = 'gstreamer';
  answers: Answers;
  /** Files that were added, and what becomes of them. */
  attached: (AttachFile & { bytes: number })[] = [];
  takesFile = ({ name, bytes }: AttachFile & { bytes: number }): MediaView =>
    media({
      id: `f.${this.attached.length}`,
      title: name === '' ? 'file.png' : name,
      state: 'here',
      bytes,
      content: { is: 'picture', width: 1600, height: 1200, moves: false },
    });
  /** What the opening of the desk is at, and how often that was asked. */
  openingAt: OpeningView | null = null;
  askedOpening = 0;
  #hears = new Set<(notice: Notice) => void>();

  constructor(answers: Partial<Answers> = {}) {
    this.answers = { ...this.#defaults(), ...answers };
  }

  async call<K extends CommandName>(name: K, request: Request<K>): Promise<Response<K>> {
    this.calls.push({ name, request });
    await Promise.resolve();
    return this.answers[name](request);
  }

  async attach(request: AttachFile, file: Blob): Promise<MediaView> {
    const bytes = (await file.arrayBuffer()).byteLength;
    this.attached.push({ ...request, bytes });
    return this.takesFile({ ...request, bytes });
  }

  listen(hear: (notice: Notice) => void): () => void {
    this.#hears.add(hear);
    return () => this.#hears.delete(hear);
  }

  opening(): Promise<OpeningView | null> {
    this.askedOpening += 1;
    return Promise.resolve(this.openingAt);
  }

  picture(id: string, size: 'thumb' | 'whole'): string {
    return this.pictures.get(id) ?? drawn(id, size);
  }

  playable(id: string): Promise<Playable> {
    const playable = this.playables.get(id);
    if (!playable) return Promise.reject(refuse('notFound', 'It is not on this desk.'));
    this.playing.push(id);
    const letGo = () => void this.playing.splice(this.playing.indexOf(id), 1);
    return Promise.resolve({ url: playable, letGo });
  }

  tell(notice: Notice): void {
    for (const hear of this.#hears) hear(notice);
  }

  /** The login goes on, and the page hears of it. */
  loginIs(login: LoginView): void {
    this.login = login;
    this.tell({ notice: 'login' });
  }

  /** Who is there changes, and the page hears of it. */
  isThere(over: Partial<PresenceView>): void {
    this.presence = { ...this.presence, ...over };
    this.tell({ notice: 'presence' });
  }

  /** A colleague looks at these threads, and the page hears of it. */
  looks(name: string, ...threads: [thread: number, doing: OnScreen['doing']][]): void {
    const looksAt = threads.map(([thread, doing]) => {
      const { account, customer } = this.#row(thread);
      return { account, customer, doing };
    });
    const people = this.presence.people.map((one) =>
      one.name === name ? { ...one, looksAt } : one,
    );
    this.isThere({ people });
  }

  /** Changes a row and tells of it. */
  change(thread: number, over: Partial<ThreadRow>): void {
    this.#set(thread, over);
    this.tell({ notice: 'threads', threads: [thread], storeVersion: this.storeVersion });
  }

  #set(thread: number, over: Partial<ThreadRow>): void {
    this.rows = this.rows.map((row) => (row.thread === thread ? { ...row, ...over } : row));
    this.storeVersion += 1;
  }

  /** Moves the read mark of a thread on this desk and tells of it; gives the store's version that has it. */
  mark(thread: number, over: Partial<ThreadRow>): number {
    this.#set(thread, over);
    const { storeVersion } = this;
    this.tell({ notice: 'marked', threads: [thread], storeVersion });
    this.tell({ notice: 'lists', storeVersion });
    return storeVersion;
  }

  #haveLabels(labels: LabelView[]): LabelsView {
    const byName = [...labels].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.labels = { ...this.labels, labels: byName };
    this.tell({ notice: 'session' });
    return this.labels;
  }

  #label(thread: number, label: string, on: boolean): void {
    const known = this.labels.labels.find(({ id }) => id === label);
    const others = this.#row(thread).labels.filter(({ id }) => id !== label);
    const labels = on && known ? [...others, { ...known, state: 'on' as const }] : others;
    this.change(thread, { labels });
  }

  /** Does one of an act on many, and says how to put it back. */
  #actOn(thread: number, act: ManyAct): OutcomeView {
    const { assignee, status, labels } = this.#row(thread);
    const done = (before: BeforeView): OutcomeView => ({ is: 'done', before });
    switch (act.act) {
      case 'assign': {
        const member = members.find(({ agent }) => agent === act.to);
        this.change(thread, { mine: member?.me ?? false, assignee: member?.name ?? null });
        return done({ was: 'assignee', assignee, version: 1 });
      }
      case 'done':
        this.change(thread, { status: { status: 'done' } });
        return done({ was: 'status', status, version: 1 });
      case 'snooze':
        this.change(thread, { status: { status: 'snoozed', untilMs: act.untilMs } });
        return done({ was: 'status', status, version: 1 });
      case 'waitOnCustomer':
        this.change(thread, { status: { status: 'waitingOnCustomer' } });
        return done({ was: 'status', status, version: 1 });
      case 'label':
        this.#label(thread, act.label, act.on);
        return done({
          was: 'label',
          label: act.label,
          wasOn: labels.some(({ id }) => id === act.label),
        });
      case 'markRead':
        this.change(thread, { unread: 0 });
        return done({ was: 'read', seq: 1 });
    }
  }

  #putBack(thread: number, before: BeforeView): void {
    if (before.was === 'status') this.change(thread, { status: before.status });
    else if (before.was === 'label') this.#label(thread, before.label, before.wasOn);
    else if (before.was === 'assignee') {
      this.change(thread, { assignee: before.assignee, mine: before.assignee === 'Ines' });
    } else this.change(thread, { unread: 1 });
  }

  /** The requests of one command, oldest first. */
  asked<K extends CommandName>(name: K): Request<K>[] {
    return this.calls
      .filter((call) => call.name === name)
      .map((call) => call.request as Request<K>);
  }

  #row(thread: number): ThreadRow {
    const found = this.rows.find((row) => row.thread === thread);
    if (!found) throw refuse('notFound', 'This thread is not on this desk.');
    return found;
  }

  #holder({ assignee }: ThreadRow): string | null {
    if (assignee === null) return null;
    return members.find(({ name }) => name.startsWith(assignee))?.agent ?? assignee;
  }

  /** Open threads, who is too late first, as the board has them. */
  #onBoard(asked: Pick<ReadBoard, 'accounts' | 'channel'> & Partial<ReadBoard>): ThreadRow[] {
    const { accounts, channel, label, status, onlyWaiting } = asked;
    return this.#in('all')
      .filter(
        (row) =>
          (accounts.length === 0 || accounts.includes(row.account)) &&
          (channel === null || row.channel === channel) &&
          (label == null || row.labels.some(({ id }) => id === label)) &&
          (status == null || row.status.status === status) &&
          (!onlyWaiting || row.needsReply),
      )
      .sort((a, b) => (endsMs(a) ?? Infinity) - (endsMs(b) ?? Infinity) || b.lastMs - a.lastMs);
  }

  #column(asked: ReadBoard, { column, after, upTo, limit }: ReadColumn): BoardColumn {
    const whose = column.of === 'agent' ? column.agent : null;
    const found = this.#onBoard(asked).filter(
      (row) => column.of === 'all' || this.#holder(row) === whose,
    );
    const to = upTo === null ? found.length : Number(upTo);
    const from = upTo === null ? Number(after ?? 0) : Math.max(0, to - limit);
    const rows = found.slice(from, Math.min(to, from + limit));
    const end = from + rows.length;
    return {
      rows: rows.map((row) => ({ row, agent: this.#holder(row), endsMs: endsMs(row) })),
      previous: from === 0 ? null : String(from),
      next: end < found.length ? String(end) : null,
      total: asked.status === null ? found.length : null,
    };
  }

  #work(agent: string | null): BoardWork {
    const all = this.#onBoard({ accounts: [], channel: null }).filter(
      (row) => this.#holder(row) === agent,
    );
    const open = all.filter((row) => row.status.status === 'open');
    const waits = open.map((row) => row.waitingSinceMs).filter((ms) => ms !== null);
    const ends = open.map(endsMs).filter((ms) => ms !== null);
    return {
      open: open.length,
      onCustomer: all.length - open.length,
      waiting: open.filter((row) => row.needsReply && !isShut(row, NOW)).length,
      oldestWaitMs: waits.length > 0 ? Math.min(...waits) : null,
      due: ends.filter((ms) => ms <= NOW + HOUR).length,
      nextDueMs: ends.length > 0 ? Math.min(...ends) : null,
    };
  }

  #agents(): BoardAgent[] {
    const here = members.map(({ agent, name, me }) => {
      const work = this.#work(agent);
      const there = this.presence.people.find((one) => one.agent === agent);
      const state = there?.state ?? 'unknown';
      const mayReturn = there?.mayReturn ?? false;
      const { open } = work;
      const { id: account, name: called } = northwind;
      const on = { account, name: called, open, limit: this.limit, full: open >= this.limit };
      return { agent, name, me, state, work, accounts: [on], mayReturn };
    });
    return [...here, ...this.moreAgents];
  }

  #in(view: View): ThreadRow[] {
    return this.rows.filter((row) => {
      if (view === 'mentions') return row.mentioned;
      if (view === 'blocked' || row.block !== 'no')
        return (view === 'blocked') === (row.block !== 'no');
      if (view === 'done') return row.status.status === 'done';
      if (view === 'snoozed') return row.status.status === 'snoozed';
      if (row.status.status === 'done' || row.status.status === 'snoozed') return false;
      if (view === 'endingSoon') return row.needsReply && endsSoon(row);
      if (view === 'tooLate') return row.needsReply && isShut(row, NOW);
      return view === 'all' || (view === 'mine' ? row.mine : row.assignee === null);
    });
  }

  #defaults(): Answers {
    const nothing = () => null;
    return {
      session: () => session(),
      checkRelay: ({ address }) => ({
        address,
        workspace: 'Northwind',
        agentName: 'Ines Kremer',
        accounts: [northwind, kite].map(({ id, name, role }) => ({ id, name, role })),
        changes: [],
        expiresAtMs: NOW + DAY,
      }),
      enrol: () => {
        const missing = { token: 'missing', connected: false } as const;
        const accounts = [northwind, kite].map((account) => ({ ...account, ...missing }));
        return session({ phase: 'connect', accounts });
      },
      checkPageToken: () => ({
        pageName: northwind.name,
        page: northwind.id,
        routing: 'on',
        missingRights: [],
      }),
      connectAccount: () => session(),
      beginLogin: () =>
        (this.login = {
          state: 'waiting',
          untilMs: NOW + 10 * 60_000,
          browserOpened: true,
          link: null,
        }),
      showLoginAddress: () => {
        if (this.login.state === 'waiting') this.login = { ...this.login, link: LOGIN_LINK };
        return this.login;
      },
      openLoginAgain: () => this.login,
      login: () => this.login,
      connectGranted: () => (this.login = { state: 'none' }),
      cancelLogin: () => {
        this.login = { state: 'none' };
        return null;
      },
      setHumanAgent: nothing,
      setWaiting: nothing,
      exportEvidence: () => ({ name: 'late-replies.csv', rows: 12, lacks: 0 }),
      checkAccount: () => session(),
      pauseHistory: () => session(),
      setHandBack: () => session(),
      setQueue: () => session(),
      subscribeAgain: () => session(),
      repairSeen: () => session(),
      removal: () => ({ threads: 12, repliesWaiting: 2, drafts: 1 }),
      removeAccount: () => ({ words: { what: '', action: '' } }),
      listThreads: ({ view, account, channel, label, after, upTo, limit }) => {
        const found = this.#in(view).filter(
          (row) =>
            (account === null || row.account === account) &&
            (channel === null || row.channel === channel) &&
            (label === null || row.labels.some(({ id }) => id === label)),
        );
        const to = upTo === null ? found.length : Number(upTo);
        const from = upTo === null ? Number(after ?? 0) : Math.max(0, to - limit);
        const end = Math.min(to, from + limit);
        const isToAnswer = (row: ThreadRow) => row.needsReply && !isShut(row, NOW);
        const waiting = (of: View) => this.#in(of).filter(isToAnswer).length;
        const whole = {
          mine: this.#in('mine').length,
          mineWaiting: waiting('mine'),
          unassigned: this.#in('unassigned').length,
          unassignedWaiting: waiting('unassigned'),
          mentions: this.#in('mentions').length,
          mentionsOpen: this.#in('mentions').length,
          endingSoon: this.#in('endingSoon').length,
          all: this.#in('all').length,
          allWaiting: waiting('all'),
          tooLate: this.#in('tooLate').length,
          snoozed: this.#in('snoozed').length,
          done: this.#in('done').length,
          blocked: this.#in('blocked').length,
        };
        return {
          rows: found.slice(from, end),
          previous: from > 0 ? String(from) : null,
          next: end < found.length ? String(end) : null,
          counts: whole,
          whole: account === null && channel === null && label === null ? null : whole,
        };
      },
      openThread: ({ thread }) => {
        const view = threadView(this.#row(thread), this.storeVersion);
        const draft = this.drafts.get(thread) ?? view.composer.draft;
        const stranger = view.stranger && !this.familiar.has(thread);
        const mid = this.answering.get(thread) ?? null;
        const answering = mid === null ? view.answering : quoteOf(view.items, mid);
        const offering = this.offering.get(thread) ?? view.offering;
        const note = this.notes.get(thread) ?? view.composer.note;
        const composer = { ...view.composer, draft, note };
        const handed = this.handed.get(thread) ?? null;
        return { ...view, stranger, answering, offering, composer, handed };
      },
      readAhead: (asked) => this.answers.openThread(asked),
      olderItems: () => ({ items: [], older: null }),
      newerItems: () => ({ items: [], older: null, newer: null, key: null, keyMs: null }),
      itemsAround: () => ({ items: [], older: null, newer: null, key: null, keyMs: null }),
      itemsFrom: () => ({ items: [], older: null, newer: null, key: null, keyMs: null }),
      search: () => ({
        names: [],
        namesNext: null,
        namesCount: null,
        hits: [],
        next: null,
        count: null,
        countsOn: false,
        problem: null,
        indexing: false,
      }),
      searchPeople: () => ({ people: [], next: null }),
      composer: ({ thread }) => {
        const { composer } = threadView(this.#row(thread), this.storeVersion);
        const draft = this.drafts.get(thread) ?? composer.draft;
        return { ...composer, draft, note: this.notes.get(thread) ?? composer.note };
      },
      removeFile: nothing,
      sendRest: nothing,
      saveDraft: ({ thread, text }) => {
        this.drafts.set(thread, text);
        return null;
      },
      dropHandedDraft: ({ thread }) => {
        this.handed.delete(thread);
        return null;
      },
      sendReply: ({ thread }) => {
        this.drafts.delete(thread);
        return { reply: 'reply-1', keys: ['key-1'], parts: ['part-1'], items: [], storeVersion: 0 };
      },
      notLeft: () => [],
      quit: nothing,
      sendPartNow: nothing,
      retryPart: nothing,
      discardPart: nothing,
      putAside: nothing,
      toldOfSetback: nothing,
      cannedReplies: () => this.canned,
      setCannedReply: ({ name, text, shared }) => {
        const others = this.canned.replies.filter(
          (one) => one.name !== name || one.shared !== shared,
        );
        const replies = text === null ? others : [...others, { name, text, shared }];
        replies.sort((a, b) => (a.name < b.name ? -1 : 1));
        return (this.canned = { ...this.canned, replies });
      },
      actOnControl: nothing,
      renameCustomer: nothing,
      answerMessage: ({ thread, mid }) => {
        this.answering.set(thread, mid);
        this.change(thread, {});
        return null;
      },
      offerAnswers: ({ thread, titles }) => {
        this.offering.set(thread, titles);
        this.change(thread, {});
        return null;
      },
      react: nothing,
      showTyping: nothing,
      markSeen: nothing,
      blockCustomer: ({ thread, block }) => {
        this.change(thread, { block });
        return null;
      },
      renameApp: () => session(),
      countAnswers: () => session(),
      openOutside: nothing,
      fetchMedia: () => ({ state: 'later', title: '', bytes: null, content: null }),
      fetchMediaAnew: () => ({ state: 'here', title: '', bytes: 1_234, content: { is: 'other' } }),
      vault: () => this.vault,
      setVault: ({ room }) => (this.vault = { ...this.vault, room: room ?? this.vault.usual }),
      saveMedia: ({ id }) => ({ name: `${id}.bin` }),
      showPictures: ({ thread }) => {
        this.familiar.add(thread);
        this.change(thread, {});
        return null;
      },
      assign: ({ thread, toMe }) => {
        this.change(thread, { mine: toMe, assignee: toMe ? 'Ines' : null });
        return null;
      },
      giveThread: ({ thread, to }) => {
        const member = members.find(({ agent }) => agent === to);
        this.change(thread, { mine: member?.me ?? false, assignee: member?.name ?? null });
        return null;
      },
      members: ({ thread }) => {
        const { assignee, mine } = this.#row(thread);
        const assigned = (one: Member) => (one.me ? mine : one.name === assignee);
        return { members: members.map((one) => ({ ...one, assigned: assigned(one) })) };
      },
      saveNoteDraft: ({ thread, text, supervisorsOnly }) => {
        this.notes.set(thread, { ...noNote, text, supervisorsOnly });
        return null;
      },
      addNote: ({ thread }) => {
        this.notes.delete(thread);
        return { note: 'note-1' };
      },
      removeNote: nothing,
      setUrgent: ({ thread, urgent }) => {
        this.change(thread, { urgent });
        return null;
      },
      escalate: ({ thread }) => {
        this.change(thread, { urgent: true });
        return null;
      },
      labels: () => this.labels,
      defineLabel: ({ label, name, colour }) => {
        const id = label ?? `l-${name}`;
        const others = this.labels.labels.filter((one) => one.id !== id);
        return this.#haveLabels([...others, { id, name, colour }]);
      },
      removeLabel: ({ label }) => {
        this.rows = this.rows.map((row) => ({
          ...row,
          labels: row.labels.filter(({ id }) => id !== label),
        }));
        return this.#haveLabels(this.labels.labels.filter(({ id }) => id !== label));
      },
      setLabel: ({ thread, label, on }) => {
        this.#label(thread, label, on);
        return null;
      },
      savedViews: () => this.savedViews,
      saveView: ({ id, ...kept }) => {
        const saved = { ...kept, id: id ?? `v-${kept.name}`, ...NOTHING_IN_IT };
        const { views } = this.savedViews;
        const all =
          id === null ? [...views, saved] : views.map((one) => (one.id === id ? saved : one));
        return (this.savedViews = { ...this.savedViews, views: all });
      },
      deleteView: ({ id }) => {
        const views = this.savedViews.views.filter((one) => one.id !== id);
        return (this.savedViews = { ...this.savedViews, views });
      },
      board: (asked) => ({ columns: asked.columns.map((column) => this.#column(asked, column)) }),
      boardAgents: () => ({ queue: this.#work(null), agents: this.#agents() }),
      openBoard: () => ({ opened: this.opensWindows }),
      showsOnBoard: nothing,
      lookAtOnBoard: nothing,
      previewMany: ({ threads, act }) => {
        const why = (thread: number) => this.hinders(this.#row(thread), act);
        const cannot = threads.flatMap((thread) => {
          const hindrance = why(thread);
          return hindrance ? [{ thread, name: this.#row(thread).name, why: hindrance }] : [];
        });
        const can = threads.filter((thread) => why(thread) === null);
        return { can, cannot, gone: 0, pastDeadline: 0 };
      },
      actOnMany: ({ threads, act }) => ({
        outcomes: threads.map((thread) => ({ thread, outcome: this.#actOn(thread, act) })),
      }),
      undoMany: ({ threads }) => {
        for (const { thread, before } of threads) this.#putBack(thread, before);
        return { back: threads.length, moved: [], failed: [], words: null };
      },
      setStatus: ({ thread, status }) => {
        this.change(thread, { status });
        return null;
      },
      mark: ({ thread, read }) => ({
        storeVersion: this.mark(thread, read ? { unread: 0, mentioned: false } : { unread: 1 }),
      }),
      people: () => this.people,
      makeInvite: ({ name, agent, roles, expiresHours }) => {
        const invite = openInvite({
          id: `i-${this.people.invites.length + 1}`,
          name: this.people.people.find(({ id }) => id === agent)?.name ?? name,
          anotherDesk: agent !== null,
          roles,
          expiresMs: NOW + expiresHours * HOUR,
        });
        this.people = { ...this.people, invites: [invite, ...this.people.invites] };
        return {
          invite: 'inv_7QK2-M4TD-9XWP-3RHN',
          name: invite.name,
          relayAddress: 'https://relay.northwind.example',
          expiresMs: invite.expiresMs,
        };
      },
      checkInvites: () => ({ people: [], faults: [] }),
      importInvites: () => ({ name: 'invites.csv', invites: 0 }),
      takeBackInvite: ({ invite }) => {
        const invites = this.people.invites.filter(({ id }) => id !== invite);
        return (this.people = { ...this.people, invites });
      },
      setRole: ({ agent, account, role }) => {
        const people = this.people.people.map((one) => {
          if (one.id !== agent) return one;
          const others = one.roles.filter((on) => on.account !== account);
          return { ...one, roles: role === null ? others : [...others, { account, role }] };
        });
        return (this.people = { ...this.people, people });
      },
      renameAgent: ({ agent, name }) => {
        const people = this.people.people.map((one) => (one.id === agent ? { ...one, name } : one));
        return (this.people = { ...this.people, people });
      },
      revokeDesk: ({ desk }) => {
        const people = this.people.people.map((one) => ({
          ...one,
          desks: one.desks.map((each) =>
            each.id === desk ? { ...each, state: 'cutOff' as const, connected: false } : each,
          ),
        }));
        return (this.people = { ...this.people, people });
      },
      returning: ({ agent }) => ({
        agent,
        name: 'Jonas Falk',
        accounts: [{ id: '101', name: 'Northwind Tea', channel: 'messenger', threads: 2 }],
        threads: 2,
        setsOffline: true,
      }),
      returnThreads: () => ({
        name: 'Jonas Falk',
        threads: [2, 3].map((thread) => ({
          thread,
          before: { was: 'assignee', assignee: 'a-jonas', version: 40 + thread },
        })),
        failed: [],
        words: null,
      }),
      erasing: () => ({ messages: 14, notes: 2, files: 3, hasDraft: true, repliesWaiting: 0 }),
      eraseCustomer: ({ thread }) => {
        this.erasures.set(thread, { atMs: NOW, by: 'You', waiting: [] });
        this.change(thread, {});
        return null;
      },
      erasure: ({ thread }) => this.erasures.get(thread) ?? null,
      presence: () => this.presence,
      setPresence: ({ state, goesAway }) => {
        const chosen = state ?? this.presence.chosen;
        this.presence = {
          ...this.presence,
          chosen,
          mine: chosen,
          setOfflineBy: state === null ? this.presence.setOfflineBy : null,
          goesAway: goesAway ?? this.presence.goesAway,
        };
        return this.presence;
      },
      shows: nothing,
      touched: nothing,
      alerts: () => this.alerts,
      setAlerts: (settings) => (this.alerts = { ...this.alerts, settings }),
      setQuiet: ({ quiet }) => (this.alerts = { ...this.alerts, quiet }),
      tryAlert: () => ({ onDesktop: this.alerts.desktop.shows }),
      lookAt: nothing,
      status: () => status(),
      wake: nothing,
      diagnostics: () => ({
        facts: [
          { name: 'Version', value: '0.1.0' },
          { name: 'Renderer', value: 'software' },
        ],
      }),
      setting: ({ name }) => ({ name, value: this.settings.get(name) ?? null }),
      setSetting: ({ name, value }) => {
        if (value === null) this.settings.delete(name);
        else this.settings.set(name, value);
        return null;
      },
    };
  }
}

/** A message of a thread, as it is quoted. */
function quoteOf(items: Item[], mid: string): QuoteView | null {
  const said = items.flatMap((item) => (item.item === 'message' ? [item.message] : []));
  const message = said.find((one) => one.mid === mid);
  if (!message) return { key: null, place: null, authorName: '', what: 'text', text: '' };
  const { key, place, authorName, text } = message;
  return { key, place, authorName, what: 'text', text };
}

const FAKE_SHAPE = { width: 640, height: 480 };

/** A picture that says whose it is, drawn here, in the shape that is asked for. */
export function drawn(id: string, size: string, { width, height } = FAKE_SHAPE): string {
  const hue = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 37, 0) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 640 480"
    preserveAspectRatio="xMidYMid slice"><rect width="640" height="480"
    fill="hsl(${hue} 45% 60%)"/><circle cx="470" cy="130" r="60" fill="hsl(${hue + 40} 70% 75%)"/><path
    d="M0 480 220 210 400 400 520 290 640 420v60z" fill="hsl(${hue} 40% 35%)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}#${id}-${size}`;
}

/** A refusal as a host would give it. */
export function refuse(code: CommandErrorCode, message: string, action = ''): CommandError {
  return { code, message, action, retryable: false, link: null };
}

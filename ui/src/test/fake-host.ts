/**
 * A host made of plain data, for tests of the page and for looking at it.
 *
 * It answers each command from `answers`; a test replaces one to fail, to wait or to say something else. It
 * keeps every call, and `tell` sends a notice. It has no rules of its own: what may be sent is in the data.
 */
import type {
  AttachFile,
  CannedReplies,
  CommandError,
  CommandErrorCode,
  Item,
  LoginView,
  MediaView,
  Notice,
  QuoteView,
  ThreadRow,
  View,
} from '$lib/contract';
import type { CommandName, Host, Playable, Request, Response } from '$lib/host';
import { kite, northwind, NOW, DAY, rows as allRows, session } from './people';
import { media, status, threadView } from './said';
import { isShut } from '../app/next-to-do';

/** The address of a login. */
export const LOGIN_LINK = 'https://www.facebook.com/v26.0/dialog/oauth?state=login_s';

type Answers = { [K in CommandName]: (request: Request<K>) => Response<K> | Promise<Response<K>> };

export class FakeHost implements Host {
  calls: { name: CommandName; request: unknown }[] = [];
  rows: ThreadRow[] = allRows;
  settings = new Map<string, string>();
  storeVersion = 1;
  drafts = new Map<number, string>();
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
  vault = { held: 412_000_000, room: 2_147_483_648, usual: 2_147_483_648, least: 134_217_728 };
  /** Pictures by id, where a drawn one will not do; sounds and videos by id. */
  pictures = new Map<string, string>();
  playables = new Map<string, string>();
  /** Threads whose pictures somebody chose to see. */
  familiar = new Set<number>();
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

  /** Changes a row and tells of it. */
  change(thread: number, over: Partial<ThreadRow>): void {
    this.rows = this.rows.map((row) => (row.thread === thread ? { ...row, ...over } : row));
    this.storeVersion += 1;
    this.tell({ notice: 'threads', threads: [thread], storeVersion: this.storeVersion });
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

  #in(view: View): ThreadRow[] {
    return this.rows.filter((row) => {
      if (view === 'blocked' || row.block !== 'no')
        return (view === 'blocked') === (row.block !== 'no');
      if (view === 'done') return row.status.status === 'done';
      if (row.status.status === 'done') return false;
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
      subscribeAgain: () => session(),
      repairSeen: () => session(),
      removal: () => ({ threads: 12, repliesWaiting: 2, drafts: 1 }),
      removeAccount: () => ({ words: { what: '', action: '' } }),
      listThreads: ({ view, account, after, upTo, limit }) => {
        const found = this.#in(view).filter((row) => account === null || row.account === account);
        const to = upTo === null ? found.length : Number(upTo);
        const from = upTo === null ? Number(after ?? 0) : Math.max(0, to - limit);
        const end = Math.min(to, from + limit);
        const isToAnswer = (row: ThreadRow) => row.needsReply && !isShut(row, NOW);
        const waiting = (of: View) => this.#in(of).filter(isToAnswer).length;
        return {
          rows: found.slice(from, end),
          previous: from > 0 ? String(from) : null,
          next: end < found.length ? String(end) : null,
          counts: {
            mine: this.#in('mine').length,
            mineWaiting: waiting('mine'),
            unassigned: this.#in('unassigned').length,
            unassignedWaiting: waiting('unassigned'),
            all: this.#in('all').length,
            allWaiting: waiting('all'),
            tooLate: this.#in('tooLate').length,
            done: this.#in('done').length,
            blocked: this.#in('blocked').length,
          },
        };
      },
      openThread: ({ thread }) => {
        const view = threadView(this.#row(thread), this.storeVersion);
        const draft = this.drafts.get(thread) ?? view.composer.draft;
        const stranger = view.stranger && !this.familiar.has(thread);
        const mid = this.answering.get(thread) ?? null;
        const answering = mid === null ? view.answering : quoteOf(view.items, mid);
        const offering = this.offering.get(thread) ?? view.offering;
        return { ...view, stranger, answering, offering, composer: { ...view.composer, draft } };
      },
      olderItems: () => ({ items: [], older: null }),
      newerItems: () => ({ items: [], older: null, newer: null, key: null, keyMs: null }),
      itemsAround: () => ({ items: [], older: null, newer: null, key: null, keyMs: null }),
      itemsFrom: () => ({ items: [], older: null, newer: null, key: null, keyMs: null }),
      search: () => ({
        names: [],
        hits: [],
        next: null,
        count: null,
        problem: null,
        indexing: false,
      }),
      composer: ({ thread }) => {
        const { composer } = threadView(this.#row(thread), this.storeVersion);
        return { ...composer, draft: this.drafts.get(thread) ?? composer.draft };
      },
      removeFile: nothing,
      sendRest: nothing,
      saveDraft: ({ thread, text }) => {
        this.drafts.set(thread, text);
        return null;
      },
      sendReply: ({ thread }) => {
        this.drafts.delete(thread);
        return { reply: 'reply-1', keys: ['key-1'], parts: ['part-1'] };
      },
      notLeft: () => [],
      quit: nothing,
      sendPartNow: nothing,
      retryPart: nothing,
      discardPart: nothing,
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
      setStatus: ({ thread, status }) => {
        this.change(thread, { status });
        return null;
      },
      mark: ({ thread, read }) => {
        this.change(thread, { unread: read ? 0 : 1 });
        return null;
      },
      status: () => status(),
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

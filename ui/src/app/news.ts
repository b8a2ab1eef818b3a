/**
 * What each notice of the host makes the page read again.
 *
 * Promises: what is not in sight is read after what is; nothing of it is a truth of its own.
 */
import type { Notice } from '$lib/contract';
import type { Desk } from './desk.svelte';

/** So long after news the list is read while the board covers it, milliseconds. */
const BEHIND_MS = 300;

/** Notices that one window hears for all. */
const ONCE: ReadonlySet<Notice['notice']> = new Set(['closing', 'alert', 'sound', 'go', 'passed']);

export class News {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The page is over: nothing is read for it any more. */
  stop(): void {
    if (this.#listLater !== null) clearTimeout(this.#listLater);
    this.#listLater = null;
  }

  /** Makes read again what a notice names; some are answered at once. */
  hear(notice: Notice): void {
    if (this.#desk.actFirst.keeps(notice)) return;
    // What is to be heard, answered or opened once is the inbox's.
    if (this.#desk.board.own && ONCE.has(notice.notice)) return;
    this.#tellBeside(notice);
    switch (notice.notice) {
      case 'threads':
        if (this.#desk.closing) void this.#desk.stillNotLeft();
        this.#desk.board.ask();
        this.#askList();
        this.#desk.savedLists.query.ask();
        this.#askSearches();
        // Whoever was set offline is told how many threads left them.
        if (this.#desk.presence.query.data?.setOfflineBy != null) this.#desk.presence.query.ask();
        if (this.#desk.open && notice.threads.includes(this.#desk.open.thread))
          this.#desk.open.query.ask();
        return;
      case 'marked':
        // What lists say of it comes with a notice of theirs.
        if (this.#desk.open && notice.threads.includes(this.#desk.open.thread))
          void this.#desk.open.heardMarked(notice.storeVersion);
        return;
      case 'lists':
        this.#desk.savedLists.query.ask();
        this.#askSearches();
        this.#desk.board.ask();
        return this.#askList();
      case 'status':
        return this.#desk.status.ask();
      case 'session':
        // A token that died or works again changes what may be sent where nothing else happened.
        this.#desk.open?.query.ask();
        // Somebody may have come to the team, or have another name.
        this.#desk.presence.query.ask();
        // So may a label.
        this.#desk.labels.query.ask();
        this.#desk.board.ask();
        return this.#desk.session.ask();
      case 'login':
        return this.#desk.login.ask();
      case 'presence':
        this.#desk.board.askAgents();
        return this.#desk.presence.query.ask();
      case 'closing':
        return void this.#desk.askToClose();
      case 'settings':
        return void this.#desk.settings.heard(notice.name);
      case 'alert':
      case 'sound':
      case 'go':
      case 'alerts':
      case 'passed':
        return this.#desk.alerts.hear(notice);
      case 'all':
        void this.#desk.settings.readAgain();
        this.#desk.session.ask();
        this.#desk.login.ask();
        this.#desk.status.ask();
        this.#desk.presence.query.ask();
        this.#desk.alerts.hear(notice);
        this.#desk.labels.query.ask();
        this.#desk.savedLists.query.ask();
        this.#desk.list.query.ask();
        this.#desk.board.ask();
        this.#askSearches();
        this.#desk.open?.query.ask();
    }
  }

  #tellBeside(notice: Notice): void {
    const { beside } = this.#desk;
    if (notice.notice === 'threads' || notice.notice === 'marked') beside.heard(notice.threads);
    else if (notice.notice === 'lists') beside.heard([]);
    else if (notice.notice === 'session' || notice.notice === 'all') beside.heard('any');
  }

  /** Behind the board nothing is seen of the list but its counts: they come after the cards, and in the board's own window never. */
  #askList(): void {
    if (!this.#desk.board.on) return this.#desk.list.query.ask();
    if (this.#desk.board.own || this.#listLater !== null) return;
    this.#listLater = setTimeout(() => {
      this.#listLater = null;
      this.#desk.list.query.ask();
    }, BEHIND_MS);
  }

  #listLater: ReturnType<typeof setTimeout> | null = null;

  #askSearches(): void {
    this.#desk.search.ask();
    this.#desk.finding?.ask();
  }
}

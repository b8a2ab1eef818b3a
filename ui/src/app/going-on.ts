/**
 * Going on to whoever waits next: who that is, claiming whoever is nobody's, and what becomes of what was typed meanwhile.
 *
 * Promises: only one looks at a time; whom a colleague was faster to claim is passed over.
 */
import type { ThreadRef, View } from '$lib/contract';
import { asCommandError } from '$lib/host';
import { words } from '$lib/words';
import type { Desk } from './desk.svelte';
import { NextToDo, type Found } from './next-to-do';
import { focusedPlace, type Place } from './place';

export class GoingOn {
  readonly #desk: Desk;
  readonly #next: NextToDo;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#next = new NextToDo(desk.answered);
  }

  /**
   * Who comes after this thread: of mine and the queue, the list's own view first, whoever waits longest and can be
   * answered; in the list of all, whoever waits longest in that.
   */
  longestWaitBeside(thread: ThreadRef): Promise<Found | null> {
    const { view } = this.#desk.list;
    const views: Record<View, View[]> = {
      mine: ['mine', 'unassigned'],
      unassigned: ['unassigned', 'mine'],
      mentions: ['mine', 'unassigned'],
      endingSoon: ['mine', 'unassigned'],
      all: ['all'],
      tooLate: ['mine', 'unassigned'],
      snoozed: ['mine', 'unassigned'],
      done: ['mine', 'unassigned'],
      blocked: ['mine', 'unassigned'],
    };
    return this.#whoWaits(views[view], thread);
  }

  /**
   * Opens who comes next, claiming whoever is nobody's; from the queue the list goes on to mine. Whom a colleague was faster to claim is
   * passed over; false when nobody is left.
   */
  async goOnTo(found: Found | null, from: ThreadRef | null): Promise<boolean> {
    let next = found;
    while (next !== null) {
      const { row, view } = next;
      if (row.mine || (await this.#claims(row.thread))) {
        if (view === 'unassigned') this.#desk.list.show('mine');
        this.#desk.openThread(row.thread);
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
      await this.#desk.host.call('assign', { thread, toMe: true });
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
    this.#desk.ahead.begin();
    try {
      const here = this.#desk.open?.thread ?? null;
      if (this.#desk.openRow) this.#next.visit(this.#desk.openRow);
      const next = await this.#whoWaits(['mine', 'unassigned'], here);
      if (next?.view === 'mine') this.#desk.list.show('mine');
      if (!(await this.goOnTo(next, here)))
        this.#desk.toasts.show({ text: words.list.nobodyWaits, here: true });
    } finally {
      this.#goesOn = false;
      this.stay(place);
    }
  }

  #goesOn = false;

  /** Nobody came next: what was typed meanwhile stays with the thread that is open, and the focus where it was. */
  stay(place: Place = 'composer'): void {
    if (!this.#desk.ahead.holds) return;
    const text = this.#desk.ahead.take();
    this.#desk.draft?.append(text);
    this.#desk.wanted = this.#desk.draft && text !== '' ? 'composer' : place;
  }

  #whoWaits(views: View[], but: ThreadRef | null) {
    const { filter } = this.#desk.list;
    return this.#next.find(views, but, this.#desk.clock.minuteMs, (view, after) =>
      this.#desk.host.call('listThreads', {
        view,
        ...filter,
        sort: 'needsReply',
        after,
        upTo: null,
        limit: 20,
      }),
    );
  }
}

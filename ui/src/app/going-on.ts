/**
 * Going on to whoever waits next: who that is, claiming whoever is nobody's, and what becomes of what was typed meanwhile.
 *
 * Promises: only one looks at a time; whom a colleague was faster to claim is passed over, and that is said.
 */
import type { ThreadRef, ThreadRow, View } from '$lib/contract';
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
   * passed over; false when nobody is left. What was claimed is said, can be given back, and does not come again in this round.
   */
  async goOnTo(found: Found | null, from: ThreadRef | null): Promise<boolean> {
    let next = found;
    while (next !== null) {
      const { row, view } = next;
      if (row.mine || (await this.#claims(row))) {
        if (view === 'unassigned') this.#desk.list.show('mine');
        this.#desk.openThread(row.thread);
        if (!row.mine) {
          this.#next.visit(row);
          this.#desk.team.tellTaken(row);
        }
        return true;
      }
      this.#next.visit(row);
      next = await this.#whoWaits(['mine', 'unassigned'], from);
    }
    return false;
  }

  /** False when somebody else was faster, which is said. */
  async #claims({ thread, name }: ThreadRow): Promise<boolean> {
    try {
      await this.#desk.host.call('assign', { thread, toMe: true });
      return true;
    } catch (thrown) {
      const { code, message } = asCommandError(thrown);
      if (code !== 'threadChanged') throw thrown;
      this.#desk.toasts.show({ text: words.thread.notTaken(name, message) });
      return false;
    }
  }

  /**
   * Leaves this thread for the one that waits longest, taking it from the queue when none of mine waits. One that is open
   * already and nobody's comes like every other of the queue: when it is its turn it is taken, and stays open.
   */
  async nextToDo(): Promise<void> {
    if (this.#goesOn) return;
    this.#goesOn = true;
    const place = focusedPlace();
    this.#desk.ahead.begin();
    try {
      const here = this.#desk.open?.thread ?? null;
      const row = this.#desk.openRow;
      // Who only looks at a thread of the queue has not been there.
      const isFree = row !== null && !row.mine && row.assignee === null;
      if (row && !isFree) this.#next.visit(row);
      const next = await this.#whoWaits(['mine', 'unassigned'], isFree ? null : here);
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

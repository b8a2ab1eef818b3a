/**
 * What a key acts on: the row that somebody went to, all that are picked, the cards of the board, or the open thread; and what
 * is said where there is nothing, or where it cannot work.
 */
import { canPass } from '$features/thread/owner-line';
import { isBySetting, whyNot, type Wanted } from '$features/thread/why-not';
import type { ControlAct, ManyAct, ThreadRef, ThreadRow, ThreadView } from '$lib/contract';
import { words } from '$lib/words';
import type { Desk } from './desk.svelte';
import { focusedPlace } from './place';

/** The thread whose row has the focus. */
export function framed(): ThreadRef | null {
  const row = document.activeElement?.closest<HTMLElement>('[role=option][data-thread]');
  return row ? Number(row.dataset['thread']) : null;
}

export class Targets {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** On the board, whoever has the focus or is picked is given away with everybody's load in sight; false elsewhere. */
  onBoard(): boolean {
    const { board } = this.#desk;
    if (!board.on || focusedPlace() !== 'list') return false;
    const thread = framed();
    const card = thread === null ? null : board.card(thread);
    const picked = board.picked.threads.map((one) => board.card(one)).filter((one) => one !== null);
    const cards = picked.length > 0 ? picked : card ? [card] : [];
    if (cards.length === 0) return false;
    board.askToGive(cards);
    return true;
  }

  /** What a key acts on: the row that somebody went to, whether or not its thread is open; else the open thread. */
  #target(): ThreadRow | null {
    const thread = framed();
    if (thread === null || (thread === this.#desk.lent && this.#desk.open))
      return this.#desk.openRow;
    return (
      this.#desk.list.rows.find((row) => row.thread === thread) ??
      this.#desk.board.card(thread ?? -1)
    );
  }

  /** Why a key does nothing, for as long as what is open stays open. */
  say(text: string): void {
    this.#desk.toasts.show({ text, here: true });
  }

  noThread(): void {
    this.say(words.list.nothingPicked);
  }

  quote(view: ThreadView) {
    if (this.#desk.gestures.answerBefore(view)) this.#desk.writeNote(false);
    else this.say(words.gestures.nothingToAnswer);
  }

  react(view: ThreadView) {
    if (view.reactions.length === 0) this.say(words.gestures.noReactions);
    else if (!this.#desk.gestures.chooseReaction(view)) this.say(words.gestures.nothingToReactTo);
  }

  /** What is done with the messages of the open thread. */
  onView(act: (view: ThreadView) => unknown) {
    const view = this.#desk.open?.view;
    if (view) act(view);
    else this.noThread();
  }

  /** What is done with all that are picked, while somebody is in their list; false where it is about one thread. */
  onPicked(act: ManyAct['act']): boolean {
    const { picked } = this.#desk.list;
    if (
      this.#desk.board.on ||
      picked.size === 0 ||
      this.#desk.search.on ||
      focusedPlace() !== 'list'
    )
      return false;
    this.#desk.many.ask(act, picked.threads);
    return true;
  }

  onTarget(act: (row: ThreadRow) => unknown) {
    const row = this.#target();
    if (row) void act(row);
    else this.noThread();
  }

  /**
   * Does the first of these acts that can work now, once it is on the screen what the thread looks like; says why when
   * none can.
   */
  async control(wanted: Wanted, ...acts: ControlAct[]) {
    const view = await this.#looked();
    if (!view) return;
    if (wanted === 'take' && this.#desk.keepsThread(view.row.thread)) return;
    const act = acts.find((one) => view.composer.acts.includes(one));
    if (act) this.#desk.control(view.row, act);
    else this.#sayWhyNot(view, wanted);
  }

  /** Asks to whom the thread is to be passed. */
  async passTo() {
    const view = await this.#looked();
    if (!view) return;
    if (canPass(view.composer.acts)) this.#desk.passing = true;
    else this.#sayWhyNot(view, 'pass');
  }

  /** The thread that a key acts on, as it is on the screen by then. */
  async #looked(): Promise<ThreadView | null> {
    const row = this.#target();
    if (!row) {
      this.noThread();
      return null;
    }
    if (this.#desk.open?.thread !== row.thread) {
      this.#desk.openThread(row.thread, 'list');
      await this.#desk.open?.query.read();
    }
    const view = this.#desk.open?.view;
    return view?.row.thread === row.thread ? view : null;
  }

  /** With the page of Meta's settings, where an administrator could change it. */
  #sayWhyNot({ row, composer }: ThreadView, wanted: Wanted) {
    const acts = isBySetting(row, wanted) ? [this.#desk.opens(composer.controlSetting)] : [];
    const holds = () => {
      const now = this.#desk.rowOf(row.thread);
      return now && now.owner.owner === row.owner.owner && now.mine === row.mine;
    };
    this.#desk.toasts.show({ text: whyNot(row, wanted, composer.acts), acts, here: true, holds });
  }
}

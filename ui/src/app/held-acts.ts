/**
 * What is held for a while before it is done, because others see it: giving a thread away, and blocking somebody; and whatever
 * else is done about control, before which nothing that is held happens.
 */
import { whyNot } from '$features/thread/why-not';
import type { BlockView, ControlAct, ThreadRef, ThreadRow } from '$lib/contract';
import { words } from '$lib/words';
import type { Desk } from './desk.svelte';

/** What goes with a pass. `name`: the app that it is for. */
export type Passing = { to: string | null; name: string | null; note: string | null };
export const NO_NOTE: Passing = { to: null, name: null, note: null };

export class HeldActs {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Does something about control; giving away is held for a while. */
  control(row: ThreadRow, act: ControlAct, pass: Passing): void {
    const { to, note } = pass;
    // The last word counts: what waits to give this thread away does not happen before it.
    this.#desk.held.keep(row.thread);
    const run = () =>
      void this.#desk.actOn(row.thread, async () => {
        await this.#desk.host.call('actOnControl', { thread: row.thread, act, to, note });
        // Whoever takes a thread works on it.
        const forMe = act === 'take' && row.assignee === null;
        if (forMe) await this.#desk.host.call('assign', { thread: row.thread, toMe: true });
        const isOurs = act === 'take' || act === 'extend';
        this.#desk.tellOf(
          row.thread,
          forMe ? words.acts.takenForYou : words.acts.done[act],
          (now) => (now.owner.owner === 'ours') === isOurs,
        );
      });
    const heldText = this.#heldText(row, act, pass.name);
    if (heldText === null) return run();
    const runStill = () => {
      const why = this.#whyNotGiven(row.thread, act);
      if (why === null) run();
      else this.#desk.toasts.show({ text: why, thread: row.thread });
    };
    this.#desk.held.hold(
      runStill,
      (undo, now) =>
        this.#desk.toasts.show({
          text: heldText,
          heldMs: 5_000,
          acts: [
            { label: words.common.undo, run: undo },
            { label: words.acts.now, run: now },
          ],
        }),
      row.thread,
    );
  }

  /** The agent goes on working here: what waits to give this thread away is taken back. False when nothing was. */
  keeps(thread: ThreadRef): boolean {
    if (!this.#desk.held.keep(thread)) return false;
    this.#desk.toasts.show({ text: words.acts.kept, thread });
    return true;
  }

  /** Why a thread cannot be given away any more after it was held back, as far as it is known; null where it can. */
  #whyNotGiven(thread: ThreadRef, act: ControlAct): string | null {
    const view = this.#desk.open?.view;
    if (view?.row.thread !== thread || view.composer.acts.includes(act)) return null;
    return whyNot(view.row, act === 'release' ? 'release' : 'pass', view.composer.acts);
  }

  /** Blocks the customer, or lets them through again; held for a while, because Meta does it for everybody. */
  block(row: ThreadRow, block: BlockView): void {
    if (this.#desk.roleOn(row.account) === 'agent') {
      this.#desk.toasts.show({ text: words.blocking.mayNot });
      return;
    }
    const run = () =>
      void this.#desk.actOn(row.thread, async () => {
        await this.#desk.host.call('blockCustomer', { thread: row.thread, block });
        this.#desk.tellOf(
          row.thread,
          words.blocking.done[block](row.name),
          (now) => now.block === block,
        );
      });
    this.#desk.held.hold(run, (undo, now) =>
      this.#desk.toasts.show({
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
}

/**
 * What an agent does with a thread as one of a team: who works on it, what is urgent, what the team notes about it.
 *
 * Promises: an act that cannot work is not asked for, and says why; one that can be taken back offers it. A note that is
 * removed goes with its words, so that is held for some seconds first.
 */
import { SvelteSet } from 'svelte/reactivity';
import type { Member, RoleView, ThreadRef, ThreadRow } from '$lib/contract';
import type { Host } from '$lib/host';
import type { Toasts } from '$lib/toasts.svelte';
import type { HeldAct } from '$features/thread/held-act.svelte';
import { whyNotGiven, whyNotMine } from '$features/thread/assigning';
import { words } from '$lib/words';

/** What of the page it needs. */
export type Around = {
  act: (run: () => Promise<void>, thread: ThreadRef) => Promise<void>;
  undo: (
    text: string,
    thread: ThreadRef,
    isSo: (row: ThreadRow) => boolean,
    back: () => Promise<unknown>,
  ) => void;
  tell: (thread: ThreadRef, text: string, isSo: (row: ThreadRow) => boolean) => void;
  /** Reads a thread again, when it is the open one. */
  read: (thread: ThreadRef) => Promise<void>;
  /** What this agent is on the account of a thread; null where that is not known. */
  role: (row: ThreadRow) => RoleView | null;
  toasts: Toasts;
  held: HeldAct;
  /** The thread that is open. */
  open: () => ThreadRef | null;
};

/** What is asked about a thread before it is done. */
export type Asking = { ask: 'give' | 'escalate'; row: ThreadRow };

export class Teamwork {
  /** What is being asked. */
  asking = $state.raw<Asking | null>(null);
  /** Notes that are about to be removed. */
  readonly removing = new SvelteSet<string>();
  #host: Host;
  #around: Around;

  constructor(host: Host, around: Around) {
    this.#host = host;
    this.#around = around;
  }

  /** Assigns a thread to this agent, or gives it back to the queue; says so where a colleague works on it. */
  async toggleMine(row: ThreadRow): Promise<void> {
    const why = whyNotMine(row, this.#around.role(row));
    if (why !== null) return this.#say(why);
    if (!row.mine && row.assignee !== null) return this.#takeOver(row);
    const { thread } = row;
    const assign = (toMe: boolean) => this.#host.call('assign', { thread, toMe });
    await this.#around.act(async () => {
      await assign(!row.mine);
      const text = row.mine ? words.thread.unassigned(row.name) : words.thread.assigned(row.name);
      const isSo = (now: ThreadRow) => (row.mine ? now.assignee === null : now.mine);
      this.#around.undo(text, thread, isSo, () => assign(row.mine));
    }, thread);
  }

  /** Tells that this agent took a thread by going on to it, and offers to give it back to the queue. */
  tellTaken({ thread, name }: ThreadRow): void {
    const back = () => this.#host.call('assign', { thread, toMe: false });
    this.#around.undo(words.thread.taken(name), thread, ({ mine }) => mine, back);
  }

  /** Takes a colleague's thread: taken back, it is the colleague's again. */
  async #takeOver(row: ThreadRow): Promise<void> {
    const { thread } = row;
    await this.#around.act(async () => {
      const { members } = await this.#host.call('members', { thread });
      const me = members.find((one) => one.me);
      const before = members.find((one) => one.assigned) ?? null;
      if (me) await this.#give(row, me, before);
      else await this.#host.call('assign', { thread, toMe: true });
    }, thread);
  }

  /** Asks whom a thread is to be given to. */
  askToGive(row: ThreadRow): void {
    const why = whyNotGiven(row, this.#around.role(row));
    if (why !== null) return this.#say(why);
    this.asking = { ask: 'give', row };
  }

  /** Gives a thread to a colleague, or to the queue. `before`: who worked on it. */
  async give(row: ThreadRow, to: Member | null, before: Member | null): Promise<void> {
    await this.#around.act(() => this.#give(row, to, before), row.thread);
  }

  async #give(row: ThreadRow, to: Member | null, before: Member | null): Promise<void> {
    const { thread } = row;
    const give = (member: Member | null) =>
      this.#host.call('giveThread', { thread, to: member?.agent ?? null });
    await give(to);
    const isSo = (now: ThreadRow) => {
      if (to === null) return now.assignee === null;
      return to.me ? now.mine : now.assignee === to.name;
    };
    // Who gave the own thread to a colleague cannot take it back, save who moves anybody's.
    const mayTakeBack = to === null || to.me || this.#around.role(row) !== 'agent';
    if (mayTakeBack) this.#around.undo(given(row, to), thread, isSo, () => give(before));
    else this.#around.tell(thread, given(row, to), isSo);
  }

  async toggleUrgent(row: ThreadRow): Promise<void> {
    const { thread, urgent } = row;
    const set = (to: boolean) => this.#host.call('setUrgent', { thread, urgent: to });
    await this.#around.act(async () => {
      await set(!urgent);
      const { isUrgent, isNot } = words.priority;
      const text = urgent ? isNot(row.name) : isUrgent(row.name);
      this.#around.undo(
        text,
        thread,
        (now) => now.urgent !== urgent,
        () => set(urgent),
      );
    }, thread);
  }

  /** Makes a thread urgent and tells its supervisors why. */
  async escalate(row: ThreadRow, why: string): Promise<void> {
    const { thread } = row;
    await this.#around.act(async () => {
      await this.#host.call('escalate', { thread, why });
      this.#around.tell(thread, words.priority.escalated(row.name), (now) => now.urgent);
    }, thread);
  }

  /** Removes a note of the open thread, after a while in which it can be kept. */
  removeNote(note: string): void {
    const thread = this.#around.open();
    if (thread === null) return;
    const run = () => {
      // Until the thread was read again it is shown as going.
      this.removing.add(note);
      const removed = this.#around.act(async () => {
        await this.#host.call('removeNote', { thread, note });
        await this.#around.read(thread);
      }, thread);
      void removed.then(() => this.removing.delete(note));
    };
    this.#around.held.hold(run, (undo, now) => {
      this.removing.add(note);
      return this.#around.toasts.show({
        text: words.notes.removing,
        heldMs: 5_000,
        // However it was taken back, the note stands again.
        gone: () => this.removing.delete(note),
        acts: [
          { label: words.common.undo, run: undo },
          { label: words.acts.now, run: now },
        ],
      });
    });
  }

  #say(text: string): void {
    this.#around.toasts.show({ text, here: true });
  }
}

const given = ({ name }: ThreadRow, to: Member | null): string => {
  if (to === null) return words.thread.unassigned(name);
  return to.me ? words.thread.assigned(name) : words.assigning.given(name, to.name);
};

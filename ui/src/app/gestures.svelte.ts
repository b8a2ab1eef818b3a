/**
 * What an agent does with a message besides answering it in words: react, answer a certain one, offer answers; and what
 * the customer is shown meanwhile.
 *
 * Promises: what is put around a draft is at the host before the reply that goes out with it; a reaction shows at once
 * and says that it is on its way; what fails is told, and the old state stands again.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { Item, MessageView, ReactionView, ThreadRef, ThreadView } from '$lib/contract';
import type { Host } from '$lib/host';

/** What of the page it needs. */
export type Around = {
  act: (run: () => Promise<void>, thread: ThreadRef) => Promise<void>;
  /** Reads the thread again, when it is the open one. */
  read: (thread: ThreadRef) => Promise<void>;
};

/** So often the host is told that somebody goes on writing, milliseconds; it asks Meta less often still. */
const TELL_MS = 4_000;

export class Gestures {
  /** The message whose reactions are to be chosen by keys: its key. */
  choosing = $state<string | null>(null);
  /** Reactions on their way, by thread and message. */
  #onTheirWay = new SvelteMap<string, string | null>();
  #host: Host;
  #around: Around;
  #framed: Promise<void> = Promise.resolve();
  #told: { thread: ThreadRef; atMs: number } | null = null;

  constructor(host: Host, around: Around) {
    this.#host = host;
    this.#around = around;
  }

  /** Done once the host has all that was put around a draft. */
  get framed(): Promise<void> {
    return this.#framed;
  }

  /** The draft answers this message, or none. */
  answer(thread: ThreadRef, mid: string | null): void {
    this.#frame(thread, () => this.#host.call('answerMessage', { thread, mid }));
  }

  /** The draft offers these answers. */
  offer(thread: ThreadRef, titles: string[]): void {
    this.#frame(thread, () => this.#host.call('offerAnswers', { thread, titles }));
  }

  #frame(thread: ThreadRef, put: () => Promise<null>): void {
    this.#framed = this.#framed.then(() =>
      this.#around.act(async () => {
        await put();
        await this.#around.read(thread);
      }, thread),
    );
  }

  /** The draft answers the customer's newest message, or the one before that which it answers. */
  answerBefore(view: ThreadView): boolean {
    const said = theirs(view.items);
    const at = said.findIndex(({ key }) => key === view.answering?.key);
    const next = said[at + 1] ?? said[0];
    if (next?.mid == null) return false;
    this.answer(view.row.thread, next.mid);
    return true;
  }

  /** Chooses a reaction to the message that the draft answers, or to the customer's newest; sets the only one there is. */
  chooseReaction(view: ThreadView): boolean {
    const said = theirs(view.items);
    const message = said.find(({ key }) => key === view.answering?.key) ?? said[0];
    if (!message) return false;
    if (view.reactions.length === 1) this.toggle(view.row.thread, message, view.reactions[0]!);
    else this.choosing = message.key;
    return true;
  }

  /** Reacts, or takes that very reaction back. */
  toggle(thread: ThreadRef, message: MessageView, emoji: string): void {
    const { mid } = message;
    if (mid === null) return;
    const stands = this.reactions(thread, message).some(
      (one) => !one.byCustomer && one.emoji === emoji,
    );
    const set = stands ? null : emoji;
    const key = `${thread} ${mid}`;
    this.#mark(key, set);
    void this.#around
      .act(async () => {
        await this.#host.call('react', { thread, mid, emoji: set });
        await this.#around.read(thread);
      }, thread)
      .finally(() => this.#mark(key, undefined));
  }

  /** The reactions on a message, ours as it was pressed last. */
  reactions(thread: ThreadRef, { mid, reactions }: MessageView): ReactionView[] {
    const ours = this.#onTheirWay.get(`${thread} ${mid}`);
    if (ours === undefined) return reactions;
    const theirs = reactions.filter(({ byCustomer }) => byCustomer);
    return ours === null ? theirs : [...theirs, { emoji: ours, byCustomer: false, pending: true }];
  }

  #mark(key: string, emoji: string | null | undefined): void {
    if (emoji === undefined) this.#onTheirWay.delete(key);
    else this.#onTheirWay.set(key, emoji);
  }

  /** Somebody writes in a thread; the customer is shown it. */
  writes(thread: ThreadRef, nowMs = performance.now()): void {
    const told = this.#told;
    if (told && told.thread === thread && nowMs - told.atMs < TELL_MS) return;
    if (told && told.thread !== thread) this.stops();
    this.#told = { thread, atMs: nowMs };
    this.#tell(thread, true);
  }

  /** Nobody writes any more: the text was emptied, or the thread was left. A reply ends it at Meta by itself. */
  stops(sent = false): void {
    const told = this.#told;
    this.#told = null;
    if (told && !sent) this.#tell(told.thread, false);
  }

  #tell(thread: ThreadRef, typing: boolean): void {
    // Nothing depends on it.
    this.#host.call('showTyping', { thread, typing }).catch(() => {});
  }

  /** The customer is shown that everything was read, without a word when that does not work. */
  seen(thread: ThreadRef): void {
    this.#host.call('markSeen', { thread, byHand: false }).catch(() => {});
  }
}

/** What the customer said and can be answered or reacted to, newest first. */
function theirs(items: Item[]): MessageView[] {
  const said = items.flatMap((item) => (item.item === 'message' ? [item.message] : []));
  return said
    .filter(({ author, mid, unsent }) => author === 'customer' && mid !== null && !unsent)
    .reverse();
}

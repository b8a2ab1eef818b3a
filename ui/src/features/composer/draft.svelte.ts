/**
 * The text being written in one thread, and what the host has of it.
 *
 * ```text
 *   clean ──type──▶ dirty ──300 ms, blur, switch──▶ saving ──▶ clean
 *   clean, the host's draft changes (it came back from the outbox) ──▶ its text is shown
 *   dirty, the host's draft came back ──▶ its text first, then what is being written
 * ```
 *
 * Promises: no typed letter is lost to an answer of the host; the time in which the agent wrote is counted.
 */
import type { ComposerState, ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';

const SAVE_MS = 300;

export class Draft {
  text = $state('');
  failed = $state(false);

  readonly thread: ThreadRef;
  #host: Host;
  #saved = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  #read = false;
  #since: number | null = null;
  #composedMs = 0;
  #saving: Promise<unknown> = Promise.resolve();
  #sentText: string | null = null;

  constructor(host: Host, thread: ThreadRef) {
    this.#host = host;
    this.thread = thread;
  }

  /** Hears the host's state of the composer. */
  hear(composer: ComposerState): void {
    const theirs = composer.draft;
    if (!this.#read) {
      this.#read = true;
      this.#saved = theirs;
      this.text = this.text === '' ? theirs : this.text;
      return;
    }
    if (theirs === this.#saved) return;
    // An answer read before the send was durable.
    if (theirs === this.#sentText && composer.draftWords === null) return;
    const dirty = this.text !== this.#saved;
    const cameBack = composer.draftWords !== null;
    if (!dirty) this.text = theirs;
    else if (cameBack && theirs !== '') this.text = `${theirs}\n\n${this.text}`;
    else return;
    this.#saved = theirs;
    if (this.text !== theirs) this.#later();
  }

  type(text: string): void {
    this.text = text;
    this.#time(text !== '');
    this.#later();
  }

  /** The composer got or lost the focus. */
  focus(focused: boolean): void {
    this.#time(focused && this.text !== '');
    if (!focused) void this.save();
  }

  /** How long the composer had the focus with text in it, milliseconds. */
  get composedMs(): number {
    const running = this.#since === null ? 0 : performance.now() - this.#since;
    return Math.round(this.#composedMs + running);
  }

  /** Saves what is not saved, now. */
  async save(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.text;
    if (!this.#read || text === this.#saved) return;
    const before = this.#saved;
    this.#saved = text;
    try {
      const call = this.#host.call('saveDraft', { thread: this.thread, text });
      this.#saving = call.catch(() => {});
      await call;
      this.failed = false;
    } catch {
      if (this.#saved === text) this.#saved = before;
      this.failed = true;
    }
  }

  /** Before a send: nothing is on its way to the host that could bring the text back after it. */
  async settle(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#saving;
  }

  /** The reply is durable in the outbox, and its draft is gone there: the text goes, what was typed since stays. */
  sent(text: string): void {
    this.text = this.text.startsWith(text) ? this.text.slice(text.length) : this.text;
    this.#saved = '';
    this.#sentText = text;
    this.#composedMs = 0;
    this.#since = null;
    if (this.text !== '') this.type(this.text);
  }

  #later(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), SAVE_MS);
  }

  #time(running: boolean): void {
    if (this.#since !== null) this.#composedMs += performance.now() - this.#since;
    this.#since = running ? performance.now() : null;
  }
}

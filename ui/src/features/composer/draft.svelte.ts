/**
 * The text being written in one thread, and what the host has of it.
 *
 * ```text
 *   clean ──type──▶ dirty ──300 ms, blur, switch──▶ saving ──▶ clean
 *   clean, the host's draft changes (it came back from the outbox) ──▶ its text is shown
 *   dirty, the host's draft came back ──▶ its text first, then what is being written
 *   not read yet ──type──▶ ahead ──the host's draft is read──▶ that, then what was typed
 * ```
 *
 * Promises: no typed letter is lost to an answer of the host; an answer that was read before our last write says
 * nothing; the time in which the agent wrote is counted.
 */
import type { ComposerState, ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';

const SAVE_MS = 300;

export class Draft {
  text = $state('');
  failed = $state(false);
  /** Asks for a new answer, because one came that says nothing. */
  again: () => void = () => {};

  readonly thread: ThreadRef;
  #host: Host;
  /** What the host has, as far as is known here. */
  #stored = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  #read = false;
  #since: number | null = null;
  #composedMs = 0;
  /** Writes that began or ended so far, and those on their way. */
  #writes = 0;
  #onTheirWay = 0;
  #passedOver = false;
  #saving: Promise<unknown> = Promise.resolve();
  #sending = false;

  constructor(host: Host, thread: ThreadRef) {
    this.#host = host;
    this.thread = thread;
  }

  /** Nothing here is missing at the host, or on its way there. */
  get settled(): boolean {
    return this.#onTheirWay === 0 && this.text === this.#stored;
  }

  /** To be noted when the host is asked how the composer stands, and given to `hear` with its answer. */
  reading(): number | null {
    return this.#onTheirWay > 0 ? null : this.#writes;
  }

  /** Hears the host's state of the composer, asked for at `asked`. */
  hear(composer: ComposerState, asked = this.reading()): void {
    if (asked !== this.#writes) {
      this.#passedOver = true;
      return this.#askAgain();
    }
    const theirs = composer.draft;
    if (!this.#read) this.#first(theirs);
    else if (theirs !== this.#stored) this.#changed(theirs, composer.draftWords !== null);
  }

  #first(theirs: string): void {
    this.#read = true;
    this.#stored = theirs;
    const ahead = this.text;
    this.text = [theirs, ahead].filter(Boolean).join('\n');
    if (ahead !== '') this.#later();
  }

  #changed(theirs: string, cameBack: boolean): void {
    const dirty = this.text !== this.#stored;
    const end = `\n${this.#stored}`;
    if (!dirty) this.text = theirs;
    else if (!cameBack || theirs === '') return;
    else if (this.#stored !== '' && theirs.endsWith(end))
      this.text = `${theirs.slice(0, -end.length)}\n${this.text}`;
    else this.text = `${theirs}\n\n${this.text}`;
    this.#stored = theirs;
    if (dirty) this.#later();
  }

  type(text: string): void {
    this.text = text;
    this.#time(text !== '');
    this.#later();
  }

  /** Letters that were typed before the composer could take them. */
  append(text: string): void {
    if (text !== '') this.type(this.text + text);
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

  /** The thread is left: what is not saved is. */
  async leave(): Promise<void> {
    this.#time(false);
    try {
      if (!this.#read && this.text !== '') await this.#readFirst();
    } catch {
      return;
    }
    await this.save();
    await this.#saving;
  }

  async #readFirst(): Promise<void> {
    const asked = this.reading();
    const composer = await this.#host.call('composer', { thread: this.thread });
    if (!this.#read) this.hear(composer, asked);
  }

  /** Saves what is not saved, now; while a reply is on its way, afterwards. */
  async save(): Promise<void> {
    this.#noTimer();
    const text = this.text;
    if (!this.#read || this.#sending || text === this.#stored) return;
    const before = this.#stored;
    this.#stored = text;
    const call = this.#write(() => this.#host.call('saveDraft', { thread: this.thread, text }));
    this.#saving = call.catch(() => {});
    try {
      await call;
      this.failed = false;
    } catch {
      if (this.#stored === text) this.#stored = before;
      this.failed = true;
    }
  }

  /** Sends the reply, and says how that ended: the draft is gone at the host once it is durable there. */
  async send<T>(text: string, send: () => Promise<T>): Promise<T> {
    this.#noTimer();
    this.#sending = true;
    try {
      // Nothing is on its way to the host that could bring the text back after it.
      await this.#saving;
      const answer = await this.#write(async () => {
        const receipt = await send();
        this.#sent(text);
        return receipt;
      });
      return answer;
    } finally {
      this.#sending = false;
      if (this.text !== this.#stored) this.#later();
    }
  }

  /** The reply is durable in the outbox: its text goes, what was typed since stays. */
  #sent(text: string): void {
    this.text = this.text.startsWith(text) ? this.text.slice(text.length) : this.text;
    this.#stored = '';
    this.#composedMs = 0;
    this.#since = this.#since !== null && this.text !== '' ? performance.now() : null;
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    this.#writes += 1;
    this.#onTheirWay += 1;
    try {
      return await write();
    } finally {
      this.#writes += 1;
      this.#onTheirWay -= 1;
      this.#askAgain();
    }
  }

  #askAgain(): void {
    if (!this.#passedOver || this.#onTheirWay > 0) return;
    this.#passedOver = false;
    this.again();
  }

  #noTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #later(): void {
    this.#noTimer();
    this.#timer = setTimeout(() => void this.save(), SAVE_MS);
  }

  #time(running: boolean): void {
    if (this.#since !== null) this.#composedMs += performance.now() - this.#since;
    this.#since = running ? performance.now() : null;
  }
}

/**
 * The text being written in one thread, and what the host has of it.
 *
 * ```text
 *   clean ──type──▶ dirty ──300 ms still, 2 s, blur, switch──▶ saving ──▶ clean
 *   clean, the host's draft changes (it came back from the outbox) ──▶ its text is shown
 *   dirty, the host's draft came back ──▶ its text after what came back before, then what is being written
 *   not read yet ──type──▶ ahead ──the host's draft is read──▶ that, then what was typed
 *   saving, sending ──the host's draft came back in that moment──▶ read anew, its text first; saved, but not sent
 * ```
 *
 * The files that were added are the host's from the moment it answered; here they are only shown. They are added one
 * after the other, so that they stand in the order in which somebody added them.
 *
 * Promises: no typed letter is lost to an answer of the host; an answer that was read before our last write says
 * nothing; each write names the text that it goes out from, so that none takes the place of a text that was not
 * shown here; the time in which the agent wrote is counted.
 */
import type { CommandError, ComposerState, MediaView, ThreadRef } from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';
import { replySlot, type Slot } from './slot';

/** A file on its way into the draft, or one that could not be added, with why. */
export type Adding = { key: number; name: string; error: CommandError | null };

/** Whatever is named like a file. */
export type Given = Blob & { name?: string };

/** So long after the last letter it is saved. */
const SAVE_MS = 300;
/** So long after the first letter that is not saved it is saved at the latest: whoever never pauses loses no more. */
const LATEST_MS = 2_000;
/** Between what came back and what is being written. */
const EMPTY_LINE = '\n\n';

export class Draft {
  text = $state('');
  failed = $state(false);
  /** A reply came back before what is being written, and nobody was told of it by a send that did not happen. */
  cameBetween = $state(false);
  /** The files of the draft, in order. */
  files = $state.raw<MediaView[]>([]);
  /** Files that are being added, and those that could not be. */
  adding = $state.raw<Adding[]>([]);
  /** Asks for a new answer, because one came that says nothing. */
  again: () => void = () => {};

  readonly thread: ThreadRef;
  #host: Host;
  /** Where it lies at the host. */
  #slot: Slot;
  /** Something beside the text is not saved. */
  #beside = false;
  /** What the host has, as far as is known here. */
  #stored = '';
  /** What came back and stands first in the text, as it was put there. */
  #back = '';
  /** A save of which nobody knows whether it was kept. */
  #tried: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Since when something waits for the timer. */
  #waitsSince: number | null = null;
  #read = false;
  #since: number | null = null;
  #composedMs = 0;
  /** Writes that began or ended so far, and those on their way. */
  #writes = 0;
  #onTheirWay = 0;
  #passedOver = false;
  #saving: Promise<void> | null = null;
  #sending = false;
  #added: Promise<unknown> = Promise.resolve();
  #keys = 0;

  constructor(host: Host, thread: ThreadRef, slot: Slot = replySlot) {
    this.#host = host;
    this.thread = thread;
    this.#slot = slot;
  }

  /** Nothing here is missing at the host, or on its way there. */
  get settled(): boolean {
    return this.#onTheirWay === 0 && this.text === this.#stored && !this.isAdding;
  }

  /** A file is on its way into the draft: the reply waits for it. */
  get isAdding(): boolean {
    return this.adding.some((one) => one.error === null);
  }

  /** Adds files, one after the other. */
  add(files: Given[], mostBytes: number, tooLarge: (name: string) => CommandError): void {
    for (const file of files) {
      const key = (this.#keys += 1);
      const name = file.name ?? '';
      const error = file.size > mostBytes ? tooLarge(name) : null;
      this.adding = [...this.adding, { key, name, error }];
      if (error === null) this.#added = this.#added.then(() => this.#add(key, file, name));
    }
  }

  async #add(key: number, file: Given, name: string): Promise<void> {
    const { thread } = this;
    try {
      const added = await this.#write(() => this.#host.attach({ thread, name }, file));
      this.adding = this.adding.filter((one) => one.key !== key);
      if (!this.files.some((known) => known.id === added.id)) this.files = [...this.files, added];
    } catch (thrown) {
      const error = asCommandError(thrown);
      this.adding = this.adding.map((one) => (one.key === key ? { ...one, error } : one));
    }
  }

  /** What could not be added has been read. */
  dismiss(key: number): void {
    this.adding = this.adding.filter((one) => one.key !== key);
  }

  /** Takes a file out again. Rejects with a `CommandError`; then it is still there. */
  async remove(file: string): Promise<void> {
    const { thread } = this;
    await this.#write(() => this.#host.call('removeFile', { thread, file }));
    this.files = this.files.filter((one) => one.id !== file);
  }

  /** To be noted when the host is asked how the composer stands, and given to `hear` with its answer. */
  reading(): number | null {
    return this.#onTheirWay > 0 ? null : this.#writes;
  }

  /** Hears the host's state of the composer, asked for at `asked`. False when that says nothing any more. */
  hear(composer: ComposerState, asked = this.reading()): boolean {
    if (asked !== this.#writes) {
      this.#passedOver = true;
      this.#askAgain();
      return false;
    }
    const { text: theirs, cameBack, files } = this.#slot.of(composer);
    this.files = files;
    if (!this.#read) this.#first(theirs, cameBack);
    else if (theirs !== this.#stored) this.#changed(theirs, cameBack);
    return true;
  }

  #first(theirs: string, cameBack: boolean): void {
    this.#read = true;
    this.#stored = theirs;
    if (cameBack) this.#back = theirs;
    const ahead = this.text;
    this.text = [theirs, ahead].filter(Boolean).join(cameBack ? EMPTY_LINE : '\n');
    if (ahead !== '') this.#later();
  }

  #changed(theirs: string, cameBack: boolean): void {
    const dirty = this.text !== this.#stored;
    const fresh = dirty || cameBack ? freshIn(theirs, this.#stored) : null;
    if (dirty && this.#isOurs(theirs, cameBack)) {
      // What is written here goes on from it.
    } else if (fresh !== null && (dirty || this.text !== '')) this.#putIn(fresh);
    else if (dirty) this.#putIn({ text: theirs, isFirst: false });
    else {
      this.text = theirs;
      this.#back = cameBack ? theirs : '';
    }
    this.#stored = theirs;
    this.#tried = null;
    if (this.text !== theirs) this.#later();
  }

  /** What came back stands in the order in which it was sent, and before what is being written, an empty line between them. */
  #putIn({ text: fresh, isFirst }: Fresh): void {
    const rest = this.text.slice(this.#back.length);
    // Who goes on writing in what came back before writes that.
    const stands = this.text.startsWith(this.#back) && (rest === '' || rest.startsWith('\n'));
    const head = stands ? this.#back : '';
    const after = stands ? rest : this.text;
    const own = after.replace(/^\n+/, '');
    const between = after.slice(0, after.length - own.length);
    const gap = between.length < EMPTY_LINE.length ? EMPTY_LINE : between;
    const both = isFirst ? [fresh, head] : [head, fresh];
    this.#back = both.filter(Boolean).join(isFirst ? EMPTY_LINE : '\n');
    this.text = own === '' ? this.#back : `${this.#back}${gap}${own}`;
    if (own !== '') this.cameBetween = true;
  }

  /** The host's draft says nothing that was not written here. */
  #isOurs(theirs: string, cameBack: boolean): boolean {
    return theirs === '' || theirs === this.#tried || (!cameBack && this.text.startsWith(theirs));
  }

  type(text: string): void {
    this.text = text;
    if (text === '') this.#forgetBack();
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
  }

  async #readFirst(): Promise<void> {
    const asked = this.reading();
    const composer = await this.#host.call('composer', { thread: this.thread });
    if (!this.#read) this.hear(composer, asked);
  }

  /** The host has another text than was known here: reads it, and joins it with what is being written. */
  async #join(): Promise<void> {
    const asked = this.reading();
    this.hear(await this.#host.call('composer', { thread: this.thread }), asked);
  }

  /** Saves what is not saved, now; while a reply is on its way, afterwards. */
  async save(): Promise<void> {
    this.#noTimer();
    // One after the other: each goes out from the text that the one before left.
    while (this.#saving) await this.#saving;
    if (!this.#read || this.#sending || (this.text === this.#stored && !this.#beside)) return;
    this.#beside = false;
    const saving = this.#store(this.text).finally(() => {
      this.#saving = null;
    });
    this.#saving = saving;
    await saving;
  }

  /** Something beside the text changed: it is saved with it, where there is one. */
  async saveAgain(): Promise<void> {
    this.#beside = this.text !== '';
    await this.save();
  }

  async #store(text: string): Promise<void> {
    const basedOn = this.#stored;
    const { thread } = this;
    this.#stored = text;
    try {
      await this.#write(() => this.#slot.save(this.#host, { thread, text, basedOn }));
      this.failed = false;
      this.#tried = null;
    } catch (thrown) {
      if (this.#stored === text) this.#stored = basedOn;
      this.failed = !(isChanged(thrown) && (await this.#joined()));
      if (this.failed) this.#tried = text;
    }
  }

  /** Joins, and says whether that worked. */
  async #joined(): Promise<boolean> {
    try {
      await this.#join();
      return true;
    } catch {
      return false;
    }
  }

  /** Sends the reply, and says how that ended: the draft is gone at the host once it is durable there. */
  async send<T>(text: string, send: (basedOn: string) => Promise<T>): Promise<T> {
    this.#noTimer();
    this.#sending = true;
    try {
      // Nothing is on its way to the host that could bring the text back after it.
      while (this.#saving) await this.#saving;
      const answer = await this.#write(async () => {
        const { files } = this;
        const receipt = await send(this.#stored);
        this.files = this.files.filter((one) => !files.includes(one));
        this.#sent(text);
        return receipt;
      });
      return answer;
    } catch (thrown) {
      if (isChanged(thrown)) {
        await this.#joined();
        // The refusal says so already.
        this.cameBetween = false;
      }
      throw thrown;
    } finally {
      this.#sending = false;
      if (this.text !== this.#stored) this.#later();
    }
  }

  /** The reply is durable in the outbox: its text goes, what was typed since stays. */
  #sent(text: string): void {
    this.text = this.text.startsWith(text) ? this.text.slice(text.length) : this.text;
    this.#stored = '';
    this.#forgetBack();
    this.#composedMs = 0;
    this.#since = this.#since !== null && this.text !== '' ? performance.now() : null;
  }

  #forgetBack(): void {
    this.#back = '';
    this.cameBetween = false;
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
    this.#waitsSince = null;
  }

  #later(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const now = performance.now();
    this.#waitsSince ??= now;
    const left = this.#waitsSince + LATEST_MS - now;
    this.#timer = setTimeout(() => void this.save(), Math.max(0, Math.min(SAVE_MS, left)));
  }

  #time(running: boolean): void {
    if (this.#since !== null) this.#composedMs += performance.now() - this.#since;
    this.#since = running ? performance.now() : null;
  }
}

/** A text that came back; `isFirst`: the host has it before everything else, because it was pressed before what came back. */
type Fresh = { text: string; isFirst: boolean };

/** What the host put into the draft that was known here, in lines of its own anywhere in it; null where it is another text. */
function freshIn(theirs: string, stored: string): Fresh | null {
  if (stored === '') return { text: theirs, isFirst: false };
  for (let at = 0; at <= stored.length; at += 1) {
    // Between two lines, or at either end.
    const isEnd = at === 0 || at === stored.length;
    if (!isEnd && stored[at] !== '\n') continue;
    if (!theirs.startsWith(stored.slice(0, at)) || !theirs.endsWith(stored.slice(at))) continue;
    const put = theirs.slice(at, Math.max(at, theirs.length - stored.length + at));
    const isOfItsOwn = at === 0 ? put.endsWith('\n') : put.startsWith('\n');
    const fresh = put.replace(/^\n+|\n+$/g, '');
    if (isOfItsOwn && fresh !== '') return { text: fresh, isFirst: at === 0 };
  }
  return null;
}

function isChanged(thrown: unknown): boolean {
  return asCommandError(thrown).code === 'draftChanged';
}

/** The drafts of threads that were left: each is kept until the host has it, and comes back with its thread. */
import type { ComposerState, ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';
import { NoteDraft } from '$features/notes/note-draft.svelte';
import { Draft } from './draft.svelte';

/** What is written in one thread: a reply, and apart from it a private note. */
export class Written {
  readonly reply: Draft;
  readonly note: NoteDraft;

  constructor(host: Host, thread: ThreadRef) {
    this.reply = new Draft(host, thread);
    this.note = new NoteDraft(host, thread);
  }

  get thread(): ThreadRef {
    return this.reply.thread;
  }

  get settled(): boolean {
    return this.reply.settled && this.note.settled;
  }

  /** Who asks for a new answer, because one came that says nothing. */
  set again(again: () => void) {
    this.reply.again = again;
    this.note.again = again;
  }

  /** See `Draft`: noted when the host is asked, given back with its answer. */
  reading(): Asked {
    return { reply: this.reply.reading(), note: this.note.reading() };
  }

  hear(composer: ComposerState, asked: Asked): void {
    this.reply.hear(composer, asked.reply);
    this.note.hear(composer, asked.note);
  }

  async save(): Promise<void> {
    await Promise.all([this.reply.save(), this.note.save()]);
  }

  async leave(): Promise<void> {
    await Promise.all([this.reply.leave(), this.note.leave()]);
  }
}

export type Asked = { reply: number | null; note: number | null };

export class Drafts {
  readonly #host: Host;
  readonly #left = new Map<ThreadRef, Written>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** What is written in a thread that is opened. */
  of(thread: ThreadRef): Written {
    const written = this.#left.get(thread) ?? new Written(this.#host, thread);
    this.#left.delete(thread);
    return written;
  }

  /** Its thread is left. */
  leave(written: Written): void {
    written.again = () => {};
    this.#left.set(written.thread, written);
    void written.leave().then(() => {
      if (written.settled && this.#left.get(written.thread) === written)
        this.#left.delete(written.thread);
    });
  }
}

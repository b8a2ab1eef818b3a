/**
 * What is written as a private note in one thread. It is a draft of its own in a place of its own: nothing that stands here
 * ever becomes a reply.
 */
import { Draft } from '$features/composer/draft.svelte';
import { noteSlot } from '$features/composer/slot';
import type { ComposerState, ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';

export class NoteDraft extends Draft {
  /** Only supervisors and admins are to see it. */
  supervisorsOnly = $state(false);
  /** Somebody chose that here; what the host had before says nothing. */
  #chosen = false;

  constructor(host: Host, thread: ThreadRef) {
    super(
      host,
      thread,
      noteSlot(() => this.supervisorsOnly),
    );
  }

  /** Chooses who is to see it. */
  choose(supervisorsOnly: boolean): void {
    this.supervisorsOnly = supervisorsOnly;
    this.#chosen = true;
    void this.saveAgain();
  }

  override hear(composer: ComposerState, asked = this.reading()): boolean {
    const { words, supervisorsOnly } = composer.note;
    const isNews = super.hear(composer, asked);
    // What came back for supervisors only stays so, whatever it is joined with.
    if (isNews && supervisorsOnly && (!this.#chosen || words !== null)) this.supervisorsOnly = true;
    return isNews;
  }

  /** The note is on its way: the next one is for all, until somebody chooses otherwise. */
  added(): void {
    this.supervisorsOnly = false;
    this.#chosen = false;
  }
}

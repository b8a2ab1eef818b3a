/** The drafts of threads that were left: each is kept until the host has it, and comes back with its thread. */
import type { ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';
import { Draft } from './draft.svelte';

export class Drafts {
  readonly #host: Host;
  readonly #left = new Map<ThreadRef, Draft>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** The draft of a thread that is opened. */
  of(thread: ThreadRef): Draft {
    const draft = this.#left.get(thread) ?? new Draft(this.#host, thread);
    this.#left.delete(thread);
    return draft;
  }

  /** Its thread is left. */
  leave(draft: Draft): void {
    draft.again = () => {};
    this.#left.set(draft.thread, draft);
    void draft.leave().then(() => {
      if (draft.settled && this.#left.get(draft.thread) === draft) this.#left.delete(draft.thread);
    });
  }
}

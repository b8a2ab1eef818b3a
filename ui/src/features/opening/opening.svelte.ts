/**
 * What the opening of this desk is at, while the page waits for it: a copy of a large file, its update, its repair.
 *
 * Promises: an opening that is quick is not asked for at all, and one that takes long is asked for until the desk answers.
 */
import type { OpeningView } from '$lib/contract';
import type { Host } from '$lib/host';

/** How long the page waits before it asks, and how often it asks then, milliseconds. */
export const WAITS_MS = 400;

export class Opening {
  now = $state.raw<OpeningView | null>(null);
  #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Asks until the returned function is called. */
  watch(): () => void {
    const stop = ask(this.#host, (now) => (this.now = now));
    return () => {
      stop();
      this.now = null;
    };
  }
}

/** Resolves with what is read, or before that once the opening is at something that takes long. */
export function readOrLong(host: Host, read: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const stop = ask(host, (now) => {
      if (now) end();
    });
    const end = () => {
      stop();
      resolve();
    };
    void read.finally(end);
  });
}

function ask(host: Host, hear: (now: OpeningView | null) => void): () => void {
  let asks = true;
  const look = async () => {
    const now = await host.opening().catch(() => null);
    if (!asks) return;
    hear(now);
    if (asks) timer = setTimeout(() => void look(), WAITS_MS);
  };
  let timer = setTimeout(() => void look(), WAITS_MS);
  return () => {
    asks = false;
    clearTimeout(timer);
  };
}

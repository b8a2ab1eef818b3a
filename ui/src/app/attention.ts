/**
 * Whether somebody looks at the page: it is visible, and has the focus or was touched just now.
 *
 * A thread counts as read only then; a window left open on a second screen reads nothing.
 */
import { untrack } from 'svelte';

const FRESH_MS = 10_000;

export class Attention {
  #touchedAt = -Infinity;

  get given(): boolean {
    if (document.visibilityState !== 'visible') return false;
    return document.hasFocus() || performance.now() - this.#touchedAt < FRESH_MS;
  }

  /** Whether somebody touched it just now: a window may have the focus while its agent is elsewhere. */
  get fresh(): boolean {
    return this.given && performance.now() - this.#touchedAt < FRESH_MS;
  }

  /** Calls when attention may have begun, until the returned function is called. */
  watch(begun: () => void): () => void {
    const touched = () => {
      this.#touchedAt = performance.now();
      // An effect that moves the focus is heard here while it runs: it must not come to depend on what is read then.
      untrack(begun);
    };
    const kinds = ['pointerdown', 'keydown', 'focus', 'visibilitychange'] as const;
    for (const kind of kinds) window.addEventListener(kind, touched, true);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, touched, true);
    };
  }
}

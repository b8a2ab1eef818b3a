/**
 * One medium as it stands: as its message tells it, or as the host answered since.
 *
 * ```text
 *   at Meta ──asked──▶ here · dead · too large · at a forbidden address · later ──asked again──▶ …
 *                       ▲      └─ Meta asked anew ─┐
 *                       └──────────────────────────┘
 * ```
 */
import { untrack } from 'svelte';
import type { CommandError, MediaContent, MediaNow, MediaState, MediaView } from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';

export class Medium {
  asking = $state(false);
  /** Why this desk could not even look for it. */
  error = $state.raw<CommandError | null>(null);
  #now = $state.raw<MediaNow | null>(null);
  #host: Host;
  #view: () => MediaView;

  constructor(host: Host, view: () => MediaView) {
    this.#host = host;
    this.#view = view;
  }

  /** What its message tells counts once it is here; until then what was heard last. */
  get #told(): Pick<MediaNow, 'state' | 'bytes' | 'content' | 'title'> {
    const view = this.#view();
    return view.state === 'here' || !this.#now ? view : this.#now;
  }

  get state(): MediaState {
    return this.#told.state;
  }

  get bytes(): number | null {
    return this.#told.bytes;
  }

  get content(): MediaContent | null {
    return this.#told.content;
  }

  get title(): string {
    return this.#view().title || this.#told.title;
  }

  /** Asks for it when it may be had and is not here. */
  async ask(): Promise<void> {
    if (this.state !== 'atMeta' && this.state !== 'later') return;
    await this.#get('fetchMedia');
  }

  /** Has Meta asked anew when its link died. */
  async askMeta(): Promise<void> {
    if (this.state === 'dead') await this.#get('fetchMediaAnew');
  }

  async #get(command: 'fetchMedia' | 'fetchMediaAnew'): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.error = null;
    try {
      this.#now = await this.#host.call(command, { id: this.#view().id });
    } catch (thrown) {
      this.error = asCommandError(thrown);
    } finally {
      this.asking = false;
    }
  }
}

/** Calls once when an element is about to come into sight. */
export function whenNear(run: () => void) {
  return (element: Element) => {
    if (typeof IntersectionObserver === 'undefined') {
      untrack(run);
      return;
    }
    const watch = new IntersectionObserver(
      (seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        watch.disconnect();
        run();
      },
      { rootMargin: '400px' },
    );
    watch.observe(element);
    return () => watch.disconnect();
  };
}

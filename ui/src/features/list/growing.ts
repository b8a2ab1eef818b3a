/**
 * Reads at the ends of a list, one page at a time.
 *
 * ```text
 *   idle ──run──▶ reading ──fits──▶ idle
 *                    │  ╲──does not fit any more──▶ asked again, once
 *                    └──run──▶ reading, and what was asked for last is asked for afterwards
 * ```
 *
 * Promises: an end that was asked for while another page was on its way is read all the same. A list asks when it is
 * scrolled and when its rows change; where neither happens any more nobody would ask again, and what is in sight would
 * stay empty.
 */
export class Growing {
  #reading = false;
  #next: (() => Promise<void>) | null = null;

  /**
   * `again`: asks for the same end once more. `join`: takes what was read; false when the list changed meanwhile, so that it
   * fits nowhere. A read that fails changes nothing: scrolling asks again.
   */
  async run<Page>(
    again: () => Promise<void>,
    read: () => Promise<Page>,
    join: (page: Page) => boolean,
  ): Promise<void> {
    if (this.#reading) {
      this.#next = again;
      return;
    }
    this.#reading = true;
    try {
      if (!join(await read())) this.#next ??= again;
    } catch {
      // The end stays where it is.
    } finally {
      this.#reading = false;
    }
    const next = this.#next;
    this.#next = null;
    if (next) await next();
  }
}

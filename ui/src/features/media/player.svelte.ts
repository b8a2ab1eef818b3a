/**
 * Playing a sound or a video: fetched from the host when it is first played, one at a time, at the speed that was chosen
 * last.
 *
 * ```text
 *   quiet ──play──▶ getting ──▶ playing ⇄ paused ──gives up──▶ getting, once more
 *                      └────▶ broken (this computer cannot play it, or it cannot be had) ──try again──▶ getting
 * ```
 *
 * A busy computer makes a player give up on what it can play. So it gets a second one by itself, a third when asked.
 */
import type { CommandError } from '$lib/contract';
import { asCommandError, type Host, type Playable } from '$lib/host';

export const SPEEDS = [1, 1.5, 2] as const;

/** How far the arrow keys go, seconds. */
export const STEP_S = 5;

let speed = $state<number>(1);
let playing: HTMLMediaElement | null = null;

export const speeds = {
  get now(): number {
    return speed;
  },
  next(): void {
    const at = SPEEDS.findIndex((one) => one === speed);
    speed = SPEEDS[(at + 1) % SPEEDS.length] ?? 1;
  },
};

/** Whoever begins to play makes the one before it pause. */
export function plays(element: HTMLMediaElement): void {
  if (playing && playing !== element) playing.pause();
  playing = element;
}

export class Source {
  url = $state<string | null>(null);
  getting = $state(false);
  /** The player gave up: no plugin for it, or no such file. */
  broken = $state(false);
  error = $state.raw<CommandError | null>(null);
  /** Which player it is: each has an element of its own. */
  player = $state(0);
  #held: Playable | null = null;
  #gone = false;
  #hasFailed = false;

  /** Gets it; resolves with what is to be played, or null when there is nothing. */
  async get(host: Host, id: string): Promise<string | null> {
    if (this.url !== null || this.getting) return this.url;
    this.getting = true;
    this.error = null;
    try {
      const held = await host.playable(id);
      if (this.#gone) {
        held.letGo();
        return null;
      }
      this.#held = held;
      this.url = held.url;
    } catch (thrown) {
      this.error = asCommandError(thrown);
    } finally {
      this.getting = false;
    }
    return this.url;
  }

  /** The player gave up. Resolves with true when there is another that may begin. */
  async gaveUp(host: Host, id: string): Promise<boolean> {
    if (this.#hasFailed) {
      this.broken = true;
      return false;
    }
    this.#hasFailed = true;
    return this.again(host, id);
  }

  /** Another player, and its bytes anew. */
  async again(host: Host, id: string): Promise<boolean> {
    this.#held?.letGo();
    this.#held = null;
    this.url = null;
    this.broken = false;
    this.player += 1;
    return (await this.get(host, id)) !== null;
  }

  letGo(): void {
    this.#gone = true;
    this.#held?.letGo();
    this.#held = null;
  }
}

/** "0:07", "12:30". */
export function playTime(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

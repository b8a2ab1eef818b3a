import { createSubscriber } from 'svelte/reactivity';

/**
 * The one ticking clock of the page. It counts on from Meta's time as the host last said it.
 *
 * Promises: `nowMs` moves once a second for as long as something shows it, `minuteMs` once a minute, for everything that
 * shows a time; no other timers count, and where nothing shows seconds the page is left alone for five. When the machine
 * slept, it says so through `onJump` and waits to be set anew.
 */
const TICK_MS = 1_000;
const QUIET_TICK_MS = 5_000;
const MINUTE_MS = 60_000;
/** The wall clock and the page's own counter may drift apart by this much before it counts as sleep. */
const JUMP_MS = 3_000;
/** What is nearer than this is counted by the second, milliseconds. */
const NEAR_MS = 3 * MINUTE_MS;

export class PageClock {
  #shownMs = $state(Date.now());
  /** Milliseconds UTC of Meta's clock, moving by the minute: for rows and lines that show no seconds. */
  minuteMs = $state(Date.now());

  #baseMs = Date.now();
  #setAt = performance.now();
  #wallSkew = Date.now() - performance.now();
  #timer: ReturnType<typeof setInterval> | null = null;
  #runs = false;
  #isShown = false;
  #onJump: () => void;

  constructor(onJump: () => void = () => {}) {
    this.#onJump = onJump;
  }

  /** Something that stands on the page shows the second. */
  #bySecond = createSubscriber(() => {
    this.#isShown = true;
    this.#tickAnew();
    return () => {
      this.#isShown = false;
      this.#tickAnew();
    };
  });

  /** Milliseconds UTC of Meta's clock, moving by the second. */
  get nowMs(): number {
    if (!$effect.tracking()) return this.#countedMs();
    this.#bySecond();
    return this.#shownMs;
  }

  /** Now, by the second when one of these moments is near, and else by the minute. */
  by(...moments: (number | null | undefined)[]): number {
    const isNear = (ms: number | null | undefined) =>
      ms != null && Math.abs(ms - this.minuteMs) < NEAR_MS;
    return moments.some(isNear) ? this.nowMs : this.minuteMs;
  }

  start(): () => void {
    this.#runs = true;
    this.#tickAnew();
    return () => {
      this.#runs = false;
      this.#tickAnew();
    };
  }

  /** Sets Meta's time as the host knows it now. */
  set(nowMs: number): void {
    this.#baseMs = nowMs;
    this.#setAt = performance.now();
    this.#wallSkew = Date.now() - performance.now();
    this.#show(nowMs);
  }

  #tickAnew(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    if (!this.#runs) return;
    this.#timer = setInterval(() => this.#tick(), this.#isShown ? TICK_MS : QUIET_TICK_MS);
    // What is shown from now on is of this second.
    if (this.#isShown) setTimeout(() => this.#runs && this.#tick(), 0);
  }

  #countedMs(): number {
    return Math.floor(this.#baseMs + performance.now() - this.#setAt);
  }

  #tick(): void {
    const skew = Date.now() - performance.now();
    if (Math.abs(skew - this.#wallSkew) > JUMP_MS) {
      this.#wallSkew = skew;
      this.#onJump();
    }
    this.#show(this.#countedMs());
  }

  #show(nowMs: number): void {
    this.#shownMs = Math.floor(nowMs);
    const moved = Math.abs(this.#shownMs - this.minuteMs) >= MINUTE_MS;
    const turned = Math.floor(this.#shownMs / MINUTE_MS) !== Math.floor(this.minuteMs / MINUTE_MS);
    if (moved || turned) this.minuteMs = this.#shownMs;
  }
}

/**
 * The one ticking clock of the page. It counts on from Meta's time as the host last said it.
 *
 * Promises: `nowMs` moves once a second, `minuteMs` once a minute, for everything that shows a time; no
 * other timers count. When the machine slept, it says so through `onJump` and waits to be set anew.
 */
const TICK_MS = 1_000;
const MINUTE_MS = 60_000;
/** The wall clock and the page's own counter may drift apart by this much before it counts as sleep. */
const JUMP_MS = 3_000;

export class PageClock {
  /** Milliseconds UTC of Meta's clock, moving by the second. */
  nowMs = $state(Date.now());
  /** The same, moving by the minute: for rows and lines that show no seconds. */
  minuteMs = $state(Date.now());

  #baseMs = Date.now();
  #setAt = performance.now();
  #wallSkew = Date.now() - performance.now();
  #timer: ReturnType<typeof setInterval> | null = null;
  #onJump: () => void;

  constructor(onJump: () => void = () => {}) {
    this.#onJump = onJump;
  }

  start(): () => void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return () => {
      if (this.#timer) clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  /** Sets Meta's time as the host knows it now. */
  set(nowMs: number): void {
    this.#baseMs = nowMs;
    this.#setAt = performance.now();
    this.#wallSkew = Date.now() - performance.now();
    this.#show(nowMs);
  }

  #tick(): void {
    const skew = Date.now() - performance.now();
    if (Math.abs(skew - this.#wallSkew) > JUMP_MS) {
      this.#wallSkew = skew;
      this.#onJump();
    }
    this.#show(this.#baseMs + performance.now() - this.#setAt);
  }

  #show(nowMs: number): void {
    this.nowMs = Math.floor(nowMs);
    const moved = Math.abs(this.nowMs - this.minuteMs) >= MINUTE_MS;
    const turned = Math.floor(this.nowMs / MINUTE_MS) !== Math.floor(this.minuteMs / MINUTE_MS);
    if (moved || turned) this.minuteMs = this.nowMs;
  }
}

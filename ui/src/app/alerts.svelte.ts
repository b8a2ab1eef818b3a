/**
 * What this agent is told of wherever they are: sounds, alerts that the desktop does not show, and do not disturb.
 *
 * Promises: the host knows which thread somebody looks at, and hears of none while the window has not the focus; what was
 * clicked on the desktop is opened here; nothing here ever fails aloud by itself.
 */
import type {
  AlertSettings,
  AlertTrial,
  AlertsView,
  Notice,
  QuietView,
  ThreadRef,
} from '$lib/contract';
import { againAt } from '$lib/format/time';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { Sounds } from '$lib/sounds';
import type { Toasts } from '$lib/toasts.svelte';
import { words } from '$lib/words';
import { nextMorning } from './next-morning';

/** What of the page alerts need. */
export type Around = {
  /** The thread that is open. */
  open: () => ThreadRef | null;
  openThread: (thread: ThreadRef) => void;
  /** Shows the threads of this agent. */
  openMine: () => void;
  /** Runs something of the agent's and says what went wrong. */
  act: (run: () => Promise<void>) => Promise<void>;
  /** How this window says what somebody looks at; each has its own word. */
  says?: 'lookAt' | 'lookAtOnBoard';
};

export const HOUR_MS = 3_600_000;

export class Alerts {
  readonly query: Query<AlertsView>;
  readonly sounds: Sounds;
  /** How often something was opened by a click on the desktop: what lies over it gives way. */
  went = $state(0);
  #host: Host;
  #toasts: Toasts;
  #around: Around;
  /** The last choice that was made, until it is kept. */
  #chosen = Promise.resolve();
  /** What the host was told last; nothing before the first time. */
  #told: ThreadRef | null | undefined;

  constructor(host: Host, toasts: Toasts, around: Around, sounds = new Sounds()) {
    this.#host = host;
    this.#toasts = toasts;
    this.#around = around;
    this.sounds = sounds;
    this.query = new Query<AlertsView>({ load: () => host.call('alerts', null) });
  }

  /** How do not disturb stands. */
  get quiet(): QuietView {
    return this.query.data?.quiet ?? { quiet: 'off' };
  }

  get isQuiet(): boolean {
    return this.quiet.quiet !== 'off';
  }

  /** That it is on, and until when. */
  get quietWords(): string {
    const { quiet } = this;
    const until = quiet.quiet === 'until' ? againAt(quiet.untilMs, Date.now()) : null;
    return until === null ? words.alerts.quiet.title : words.alerts.quiet.until(until);
  }

  /** Tells the host what somebody looks at: where the window has not the focus, nothing. */
  look(): void {
    const isSeen = document.visibilityState === 'visible' && document.hasFocus();
    const thread = isSeen ? this.#around.open() : null;
    if (thread === this.#told) return;
    this.#told = thread;
    this.#host.call(this.#around.says ?? 'lookAt', { thread }).catch(() => {
      // It is told with the next look.
      this.#told = undefined;
    });
  }

  /** Watches whether the window has the focus, until the returned function is called. */
  watch(): () => void {
    const look = () => this.look();
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      document.removeEventListener('visibilitychange', look);
    };
  }

  /** Hears what is about alerts. */
  hear(notice: Notice): void {
    switch (notice.notice) {
      case 'alerts':
        return this.query.ask();
      case 'sound':
        return void this.sounds.play(notice.kind, notice.volume);
      case 'go':
        this.went += 1;
        if (notice.thread === null) this.#around.openMine();
        else this.#around.openThread(notice.thread);
        return;
      case 'alert': {
        const { title, body, thread, kind } = notice;
        const open = () =>
          thread === null ? this.#around.openMine() : this.#around.openThread(thread);
        const acts = kind === null ? [] : [{ label: words.common.open, run: open }];
        this.#toasts.show({ title, text: body, thread, acts });
        return;
      }
      case 'passed':
        return this.#passed(notice);
      case 'all':
        // The host may be another one by now.
        this.#told = undefined;
        this.look();
        this.query.ask();
    }
  }

  /** A thread came to us, and nobody here took it: whoever works on it is told, and whoever has it before them. */
  #passed({ thread, name, by, mine }: Extract<Notice, { notice: 'passed' }>): void {
    const isOpen = this.#around.open() === thread;
    if (!mine && !isOpen) return;
    const open = { label: words.common.open, run: () => this.#around.openThread(thread) };
    this.#toasts.show({
      text: words.alerts.passed(by ?? words.anotherApp, name, mine),
      // The timeline says the same to whoever opens it.
      thread,
      acts: isOpen ? [] : [open],
    });
  }

  /**
   * Chooses what is told. One choice is made after the other, each from what the one before it left: they are kept
   * together, and one that was made on what stood before would undo it.
   */
  choose(change: (now: AlertSettings) => Partial<AlertSettings>): Promise<void> {
    this.#chosen = this.#chosen.then(() =>
      this.#around.act(async () => {
        const now = this.query.data?.settings;
        if (!now) return;
        this.query.data = await this.#host.call('setAlerts', { ...now, ...change(now) });
      }),
    );
    return this.#chosen;
  }

  /** Shows a notification for trial, as everything that was chosen before says. */
  async tries(): Promise<AlertTrial> {
    await this.#chosen;
    return this.#host.call('tryAlert', null);
  }

  /** Begins or ends do not disturb. */
  async setQuiet(quiet: QuietView): Promise<void> {
    await this.#around.act(async () => {
      this.query.data = await this.#host.call('setQuiet', { quiet });
    });
  }

  /** Begins do not disturb, or ends it, and says so; another end can be chosen at once. */
  async toggleQuiet(): Promise<void> {
    const begins = !this.isQuiet;
    await this.setQuiet({ quiet: begins ? 'on' : 'off' });
    if (this.isQuiet !== begins) return;
    const w = words.alerts.quiet;
    const until = (untilMs: number) => void this.setQuiet({ quiet: 'until', untilMs });
    this.#toasts.show({
      text: begins ? w.begun : w.ended,
      holds: () => this.isQuiet === begins,
      acts: begins
        ? [
            { label: w.hour, run: () => until(Date.now() + HOUR_MS) },
            { label: w.morning, run: () => until(nextMorning(Date.now())) },
            { label: w.turnOff, run: () => void this.setQuiet({ quiet: 'off' }) },
          ]
        : [],
    });
  }
}

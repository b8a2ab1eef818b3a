/**
 * Who is there: what colleagues look at and type, and what this desk says of its agent.
 *
 * Promises: what is shown is what the host said last, and unknown while it does not know; the host hears of the open
 * thread only while the page can be seen, of typing while somebody types, and of touches at most every 30 seconds, at
 * once when the agent was away by themselves. Nothing here ever fails aloud: nothing depends on it.
 */
import type { Doing, PersonView, PresenceState, PresenceView, ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';

/** Somebody else who looks at a thread. */
export type Colleague = { agent: string; name: string; doing: Doing };

/** How a thread is named where somebody looks at it. */
type Named = { account: string; customer: string };

const NOBODY: Colleague[] = [];

/** So often the host is told that somebody goes on typing, milliseconds: it forgets it after five seconds. */
const TYPES_MS = 3_000;
/** So often it is told of a touch, milliseconds. */
const TOUCH_MS = 30_000;
/** And while the agent is away by themselves. */
const BACK_MS = 1_000;

const key = ({ account, customer }: Named) => `${account} ${customer}`;

export class Presence {
  readonly query: Query<PresenceView>;
  /** The panel to choose how present one is. */
  choosing = $state(false);
  /** Whom to set offline, while that is asked. */
  returning = $state.raw<{ agent: string; name: string } | null>(null);
  #host: Host;
  #says: 'shows' | 'showsOnBoard';
  #shown: ThreadRef | null = null;
  #doing: Doing = 'reads';
  #typedAt = -Infinity;
  #touchedAt = -Infinity;

  /** `says`: how this window says what it shows; each window has its own word, so that none takes back the other's. */
  constructor(host: Host, says: 'shows' | 'showsOnBoard' = 'shows') {
    this.#host = host;
    this.#says = says;
    this.query = new Query<PresenceView>({ load: () => host.call('presence', null) });
  }

  /** Everybody who looks at something, by the thread. */
  readonly #looking = $derived.by(() => {
    const looking: Record<string, Colleague[]> = {};
    for (const { agent, name, me, looksAt } of this.query.data?.people ?? []) {
      if (me) continue;
      for (const at of looksAt) (looking[key(at)] ??= []).push({ agent, name, doing: at.doing });
    }
    return looking;
  });

  /** How present this agent is on this desk. */
  get mine(): PresenceState {
    return this.query.data?.mine ?? 'unknown';
  }

  /** Whether that is so because nothing was touched, and not by choice. */
  get wentAway(): boolean {
    const view = this.query.data;
    return view !== null && view.mine === 'away' && view.chosen !== 'away';
  }

  /** Whether anybody can know who is there. */
  get known(): boolean {
    return this.query.data?.known ?? false;
  }

  /** Everybody who works on an account of this desk. */
  get people(): PersonView[] {
    return this.query.data?.people ?? [];
  }

  /** How present an agent is; unknown where nobody can tell. */
  stateOf(agent: string): PresenceState {
    return this.people.find((person) => person.agent === agent)?.state ?? 'unknown';
  }

  /** The colleagues who look at a thread. */
  at(thread: Named): Colleague[] {
    return this.#looking[key(thread)] ?? NOBODY;
  }

  /** Chooses how present this agent is. */
  async choose(state: PresenceState): Promise<void> {
    await this.#host.call('setPresence', { state, goesAway: null });
    await this.query.read();
  }

  /** Whether this agent is away by themselves when nothing is touched. */
  async setGoesAway(goesAway: boolean): Promise<void> {
    await this.#host.call('setPresence', { state: null, goesAway });
    await this.query.read();
  }

  /** This thread is open now; nobody types there yet. */
  opened(thread: ThreadRef | null): void {
    if (thread === this.#shown) return;
    this.#shown = thread;
    this.#doing = 'reads';
    this.#say();
  }

  /** The agent types in the open thread: a reply, or a note for colleagues. */
  writes(doing: Exclude<Doing, 'reads'>): void {
    const now = performance.now();
    if (this.#doing === doing && now - this.#typedAt < TYPES_MS) return;
    this.#doing = doing;
    this.#typedAt = now;
    this.#say();
  }

  /** The agent types no more: the text was emptied, or left. */
  stops(): void {
    if (this.#doing === 'reads') return;
    this.#doing = 'reads';
    this.#say();
  }

  /** Listens for touches, and for the page being seen or not, until the returned function is called. */
  watch(): () => void {
    const touched = () => this.#touched();
    const seen = () => this.#say();
    const touches = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
    for (const kind of touches)
      window.addEventListener(kind, touched, { capture: true, passive: true });
    document.addEventListener('visibilitychange', seen);
    // What an earlier page of this desk said may stand there still.
    this.#say();
    return () => {
      for (const kind of touches) window.removeEventListener(kind, touched, { capture: true });
      document.removeEventListener('visibilitychange', seen);
    };
  }

  #touched(): void {
    const now = performance.now();
    if (now - this.#touchedAt < (this.wentAway ? BACK_MS : TOUCH_MS)) return;
    this.#touchedAt = now;
    this.#host.call('touched', null).catch(() => {});
  }

  #say(): void {
    const thread = document.visibilityState === 'visible' ? this.#shown : null;
    const doing = thread === null ? 'reads' : this.#doing;
    this.#host.call(this.#says, { thread, doing }).catch(() => {});
  }
}

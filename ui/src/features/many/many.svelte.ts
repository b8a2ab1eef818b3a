/**
 * One act on many threads: what it would do, doing it a few at a time, what became of it, and taking it back.
 *
 * ```text
 *   asks ──▶ looks which it goes for ──pressed──▶ does, some at a time ──▶ says what became of it ──undo──▶ takes back
 *                                       │                │
 *                                       └─cancel         └─stop, or the relay goes away: the rest stays as it was
 * ```
 *
 * Promises: nothing is done before its preview was seen; what is said afterwards is counted from what the host answered for
 * each thread; an undo puts back only what nobody moved since, and says how many that were not.
 */
import type {
  Hindrance,
  ManyAct,
  ManyOutcome,
  ManyPreview,
  ThreadBefore,
  ThreadRef,
} from '$lib/contract';
import { asCommandError, type Host } from '$lib/host';
import type { Toasts } from '$lib/toasts.svelte';
import { words } from '$lib/words';

/** So many threads are asked for in one call: one sees how it goes on, and can stop it. */
const AT_ONCE = 25;

/** An act, and what it is in words for so many threads; and once it was done, where that is said otherwise than of the act. */
export type Plan = {
  act: ManyAct;
  says: (n: number) => string;
  did?: (n: number) => string;
  /** They go to a colleague: only who moves anybody's threads can take them back. */
  toColleague?: boolean;
};

export type Asking =
  { ask: 'assign' | 'snooze' | 'label' } | { ask: 'preview'; plan: Plan; threads: ThreadRef[] };

export type Progress = { at: number; of: number; undoing: boolean };

/** What of the page it needs. */
export type Around = {
  toasts: Toasts;
  /** Offers a way back for what was done last. */
  undo: (text: string, tone: 'plain' | 'bad', back: () => Promise<void>) => void;
  /** What is picked is being done, and is picked no longer. */
  begun: () => void;
  /** Whether whoever is here moves anybody's threads where this one is. */
  movesAny: (thread: ThreadRef) => boolean;
};

/** What became of an act, counted. */
type Tally = {
  befores: ThreadBefore[];
  /** Done, and nothing that can be taken back. */
  final: number;
  stayed: number;
  lost: number;
  failed: number;
  why: string;
  away: number;
  stopped: number;
};

export class Many {
  asking = $state.raw<Asking | null>(null);
  progress = $state.raw<Progress | null>(null);
  #host: Host;
  #around: Around;
  #stopped = false;

  constructor(host: Host, around: Around) {
    this.#host = host;
    this.#around = around;
  }

  get isBusy(): boolean {
    return this.progress !== null;
  }

  /** Asks what else has to be known, or shows at once what would be done. */
  ask(act: ManyAct['act'], threads: ThreadRef[]): void {
    if (this.isBusy) return this.#say(words.many.busy);
    if (threads.length === 0) return;
    const asks = words.many.asks;
    if (act === 'done') this.preview({ act: { act }, says: asks.done }, threads);
    else if (act === 'waitOnCustomer') {
      this.preview({ act: { act }, says: asks.waitOnCustomer }, threads);
    } else if (act === 'markRead') this.preview({ act: { act }, says: asks.markRead }, threads);
    else this.asking = { ask: act };
  }

  /** Shows what would be done. */
  preview(plan: Plan, threads: ThreadRef[]): void {
    this.asking = { ask: 'preview', plan, threads };
  }

  look(act: ManyAct, threads: ThreadRef[]): Promise<ManyPreview> {
    return this.#host.call('previewMany', { threads, act });
  }

  /** Leaves the rest as it is. */
  stop(): void {
    this.#stopped = true;
  }

  /** Does it; what was looked at and does not go is not asked for. */
  async run(plan: Plan, threads: ThreadRef[]): Promise<void> {
    const { act } = plan;
    this.asking = null;
    if (this.isBusy) return this.#say(words.many.busy);
    // Before they leave the list.
    const given = plan.toColleague ? threads.filter((one) => !this.#around.movesAny(one)) : [];
    this.#around.begun();
    const tally: Tally = {
      befores: [],
      final: 0,
      stayed: 0,
      lost: 0,
      failed: 0,
      why: '',
      away: 0,
      stopped: 0,
    };
    const rest = await this.#inChunks(threads, false, async (some, left) => {
      const { outcomes } = await this.#host.call('actOnMany', { threads: some, act });
      for (const outcome of outcomes) count(tally, outcome, given);
      if (tally.away === 0) return true;
      tally.away += left;
      return false;
    });
    if (rest.why === null) tally.stopped = rest.left;
    else tally.failed += rest.left;
    tally.why ||= rest.why ?? '';
    this.#tell(plan, tally);
  }

  #tell({ act, did }: Plan, tally: Tally): void {
    const { befores, final, stayed, lost, failed, why, away, stopped } = tally;
    const w = words.many;
    const done = befores.length + final;
    const text = sentences([
      done > 0 && (did ?? w.did[act.act])(done),
      stayed > 0 && w.stayed(stayed),
      lost > 0 && w.lost(lost),
      failed > 0 && w.failed(failed, why),
      away > 0 && w.away(away),
      stopped > 0 && w.stopped(stopped),
    ]);
    const tone = failed + away > 0 ? 'bad' : 'plain';
    this.offerBack(text, tone, befores);
  }

  /** Says what became of threads that were moved, here or by another act, and offers to put them back. */
  offerBack(text: string, tone: 'plain' | 'bad', befores: ThreadBefore[]): void {
    if (befores.length > 0) this.#around.undo(text, tone, () => this.#back(befores));
    else this.#around.toasts.show({ text, tone });
  }

  /** Puts back what nobody moved since. */
  async #back(befores: ThreadBefore[]): Promise<void> {
    if (this.isBusy) return this.#say(words.many.busy);
    let back = 0;
    let moved = 0;
    let failed = 0;
    let why = '';
    const rest = await this.#inChunks(befores, true, async (threads) => {
      const undone = await this.#host.call('undoMany', { threads });
      back += undone.back;
      moved += undone.moved.length;
      failed += undone.failed.length;
      if (undone.words) why ||= said(undone.words.what, undone.words.action);
      return true;
    });
    const stopped = rest.why === null ? rest.left : 0;
    failed += rest.left - stopped;
    why ||= rest.why ?? '';
    const w = words.many;
    const text = sentences([
      w.back(back),
      moved > 0 && w.moved(moved),
      failed > 0 && w.failed(failed, why),
      stopped > 0 && w.stopped(stopped),
    ]);
    this.#around.toasts.show({ text, tone: failed > 0 ? 'bad' : 'plain' });
  }

  /** Runs through all of them, some at a time. `run` is told how many come after, and answers false where they need not be. */
  async #inChunks<T>(
    all: T[],
    undoing: boolean,
    run: (some: T[], left: number) => Promise<boolean>,
  ): Promise<Rest> {
    this.#stopped = false;
    try {
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const left = all.length - at;
        if (this.#stopped) return { left, why: null };
        this.progress = { at, of: all.length, undoing };
        const some = all.slice(at, at + AT_ONCE);
        try {
          if (!(await run(some, left - some.length))) break;
        } catch (thrown) {
          const { message, action } = asCommandError(thrown);
          return { left, why: said(message, action) };
        }
      }
      return { left: 0, why: null };
    } finally {
      this.progress = null;
    }
  }

  #say(text: string): void {
    this.#around.toasts.show({ text, here: true });
  }
}

/** How many were not come to, and why the host did not answer; null where somebody stopped it. */
type Rest = { left: number; why: string | null };

function count(
  tally: Tally,
  { thread, outcome }: ManyOutcome,
  /** Those that only others can take back. */
  given: ThreadRef[],
): void {
  switch (outcome.is) {
    case 'done':
      if (given.includes(thread)) return void (tally.final += 1);
      return void tally.befores.push({ thread, before: outcome.before });
    case 'not':
      return void (tally.stayed += 1);
    case 'lost':
      return void (tally.lost += 1);
    case 'failed':
      tally.failed += 1;
      tally.why ||= said(outcome.words.what, outcome.words.action);
      return;
    case 'away':
      return void (tally.away += 1);
  }
}

/** Those for which it does not go, by why, the most first. */
export function byReason(cannot: ManyPreview['cannot']): { why: Hindrance; names: string[] }[] {
  const names: Partial<Record<Hindrance, string[]>> = {};
  for (const { why, name } of cannot) (names[why] ??= []).push(name);
  return (Object.keys(names) as Hindrance[])
    .map((why) => ({ why, names: names[why] ?? [] }))
    .sort((a, b) => b.names.length - a.names.length);
}

const said = (what: string, action: string): string => [what, action].filter(Boolean).join(' ');

/** One says what it is; several are sentences. */
function sentences(parts: (string | false)[]): string {
  const all = parts.filter((part) => part !== false);
  if (all.length < 2) return all.join('');
  return all.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ');
}

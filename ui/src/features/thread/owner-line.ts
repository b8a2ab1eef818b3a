/** The strip's sentence on who holds the thread, in each way of thread control, and what is worth offering. Pure. */
import type { ControlAct, OwnerView } from '$lib/contract';
import { isolated } from '$lib/format/bidi';
import { left, moment } from '$lib/format/time';
import { words } from '$lib/words';

/** `kept`: this desk's agent writes there, and control is kept meanwhile. */
export function ownerLine(
  owner: OwnerView,
  nowMs: number,
  kept = false,
): { who: string; rest: string } {
  const [who = '', rest = ''] = sentence(owner, nowMs, kept);
  return { who, rest };
}

/** Below this much time until control lapses, keeping it longer is offered, milliseconds. */
const LAPSES_SOON_MS = 4 * 3_600_000;
/** Below this much time it is said how much is left; the desk keeps a thread with a draft from here on. */
const WARNS_MS = 3_600_000;

/** What stands as buttons: keeping a thread longer only when it is about to lapse; most passes are chosen in a dialog. */
export function offered(acts: ControlAct[], owner: OwnerView, nowMs: number): ControlAct[] {
  const soon = owner.untilMs !== null && owner.untilMs - nowMs < LAPSES_SOON_MS;
  const chosen: ReadonlySet<ControlAct> = new Set(['passToInbox', 'passToApp']);
  return acts.filter((act) => !chosen.has(act) && (act !== 'extend' || soon));
}

/** Whether there is somebody to pass to, with a note or without. */
export const canPass = (acts: ControlAct[]) =>
  acts.some((act) => act === 'passToDefault' || act === 'passToInbox' || act === 'passToApp');

/** Whether our control ends within the hour, so that whoever works here has to know. */
export function lapses({ owner, untilMs }: OwnerView, nowMs: number): boolean {
  return owner === 'ours' && untilMs !== null && untilMs > nowMs && untilMs - nowMs <= WARNS_MS;
}

/** The same sentence in one piece. */
export function holderLine(owner: OwnerView, nowMs: number): string {
  const { who, rest } = ownerLine(owner, nowMs);
  return `${isolated(who)} ${rest}`;
}

function sentence(owner: OwnerView, nowMs: number, kept: boolean): string[] {
  const w = words.owner;
  const until = owner.untilMs === null ? null : moment(owner.untilMs, nowMs);
  const given = owner.routing === 'off';
  switch (owner.owner) {
    case 'ours':
      if (until === null) return w.ours;
      if (lapses(owner, nowMs)) {
        if (kept) return w.oursKept(until);
        return w.oursLapses(left(owner.untilMs! - nowMs), owner.firstName);
      }
      return given ? w.oursGiven(until) : w.oursUntil(until);
    case 'idle':
      return idle(owner);
    case 'other': {
      const app = owner.appName ?? words.anotherApp;
      return given ? w.otherGiven(app, until) : w.other(app, until);
    }
    case 'metaInbox':
      return w.metaInbox(owner.appName ?? words.metaInbox('messenger'), until);
    case 'questionFlow':
      return w.questionFlow;
    case 'unmanaged':
      return w.unmanaged;
    case 'unknown':
      return w.unknown;
  }
}

function idle({ routing, firstName }: OwnerView): string[] {
  const w = words.owner;
  if (firstName === null) return w.idle;
  return routing === 'hopV2' ? w.idleFirst(firstName) : w.idleThen(firstName);
}

/** The strip's sentence on who holds the thread: a strong beginning and the rest. Pure. */
import type { ControlAct, OwnerView } from '$lib/contract';
import { isolated } from '$lib/format/bidi';
import { moment } from '$lib/format/time';
import { words } from '$lib/words';

export function ownerLine(owner: OwnerView, nowMs: number): { who: string; rest: string } {
  const [who = '', rest = ''] = sentence(owner, nowMs);
  return { who, rest };
}

/** Below this much time until control lapses, keeping it longer is offered, milliseconds. */
const LAPSES_SOON_MS = 4 * 3_600_000;

/** What is worth offering now of what can work: keeping a thread longer only when it is about to lapse. */
export function offered(acts: ControlAct[], owner: OwnerView, nowMs: number): ControlAct[] {
  const soon = owner.untilMs !== null && owner.untilMs - nowMs < LAPSES_SOON_MS;
  return acts.filter((act) => act !== 'extend' || soon);
}

/** The same sentence in one piece. */
export function holderLine(owner: OwnerView, nowMs: number): string {
  const { who, rest } = ownerLine(owner, nowMs);
  return `${isolated(who)} ${rest}`;
}

function sentence(owner: OwnerView, nowMs: number): string[] {
  const w = words.owner;
  switch (owner.owner) {
    case 'ours':
      return owner.untilMs === null ? w.ours : w.oursUntil(moment(owner.untilMs, nowMs));
    case 'idle':
      return owner.defaultAppName ? w.idleThen(owner.defaultAppName) : w.idle;
    case 'other':
      return w.other(owner.appName ?? words.anotherApp);
    case 'metaInbox':
      return w.metaInbox(owner.appName ?? words.metaInbox('messenger'));
    case 'unmanaged':
      return w.unmanaged;
    case 'unknown':
      return w.unknown;
  }
}

/** The composer's line on time: what may leave now and until when, the nearest deadline first. Pure. */
import type { ComposerState } from '$lib/contract';
import { deadline, left, moment } from '$lib/format/time';
import { words } from '$lib/words';

export type PolicyLine = {
  /** The nearest thing, loud when it is near. */
  lead: string;
  /** What comes after it. */
  rest: string;
  tone: 'plain' | 'warn' | 'bad';
};

/** Below this much time the line says what is left instead of until when, milliseconds. */
const NEAR_MS = 3 * 3_600_000;

export function policyLine(composer: ComposerState, nowMs: number): PolicyLine {
  const { verdict, freeUntilMs, lateUntilMs } = composer;
  const w = words.composer;
  if (verdict === 'refused' || composer.blocked) {
    const reason = composer.words ?? { what: w.refused, action: '' };
    return { lead: reason.what, rest: reason.action, tone: 'bad' };
  }
  if (verdict === 'humanAgent') {
    const time = left(Math.max(0, (lateUntilMs ?? nowMs) - nowMs));
    return { lead: w.late(time), rest: '', tone: 'warn' };
  }
  if (freeUntilMs === null) return { lead: '', rest: w.alwaysFree, tone: 'plain' };
  const late =
    lateUntilMs !== null && lateUntilMs > freeUntilMs
      ? w.thenLate(deadline(lateUntilMs, nowMs))
      : '';
  const free = freeUntilMs - nowMs;
  if (free < NEAR_MS)
    return { lead: w.freeLeft(left(Math.max(0, free))), rest: late, tone: 'warn' };
  const until = w.freeUntil(moment(freeUntilMs, nowMs));
  return { lead: '', rest: [until, late].filter(Boolean).join(', '), tone: 'plain' };
}

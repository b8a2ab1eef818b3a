/** Since when a customer waits for a person, in words. Pure. */
import type { ThreadRow } from '$lib/contract';
import { left } from '$lib/format/time';
import { words } from '$lib/words';

/**
 * Nobody waits for us while another app has the thread: who wrote an hour ago and was taken from the bot a moment ago waits
 * since that moment, and without the reason that reads as wrong.
 */
export function waiting(
  { waitingSinceMs, owner }: Pick<ThreadRow, 'waitingSinceMs' | 'owner'>,
  nowMs: number,
): string {
  const w = words.details;
  if (waitingSinceMs === null) return w.notWaiting;
  const time = left(Math.max(0, nowMs - waitingSinceMs));
  const sinceItCame = owner.owner === 'ours' && owner.sinceMs === waitingSinceMs;
  return sinceItCame ? w.waitingSinceCame(time) : time;
}

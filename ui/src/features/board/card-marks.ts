/** What a card says of the time that is left, of who holds the thread and of where it stands. Pure. */
import { ownerMark, windowMark, type Mark } from '$features/list/row-marks';
import { left, leftShort } from '$lib/format/time';
import { words } from '$lib/words';
import type { Card } from './column.svelte';

/** What ends within so long is due, milliseconds: as the host counts it. */
const DUE_MS = 3_600_000;
/** What ends within so long is shown as short. */
const SHORT_MS = 6 * 3_600_000;

/** How long it is until something ends; what ended, where nothing will any more; null where there is nothing to say. */
export function endsMark(card: Card, nowMs: number): Mark | null {
  if (card.endsMs === null) return windowMark(card, nowMs);
  const remains = card.endsMs - nowMs;
  if (remains <= 0) return windowMark(card, nowMs);
  const tone = remains <= DUE_MS ? 'bad' : remains <= SHORT_MS ? 'warn' : 'plain';
  const w = words.board;
  return { text: w.endsIn(leftShort(remains)), title: w.endsInLong(left(remains)), tone };
}

/** Since when the customer waits. */
export function waitMark(card: Card, nowMs: number): string | null {
  if (card.waitingSinceMs === null || !card.needsReply) return null;
  return words.board.waits(leftShort(Math.max(0, nowMs - card.waitingSinceMs)));
}

/** Who holds the thread, where it is not us; as on a row of the list. */
export const holderMark = (card: Card) => ownerMark(card.owner);

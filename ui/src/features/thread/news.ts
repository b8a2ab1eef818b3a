/** What arrived below what somebody reads. Pure. */
import type { Item } from '$lib/contract';
import { itemKey } from './merge';

/**
 * How many messages of others stand below what was there before. One's own replies are no news; they stay at the end
 * while they are on their way, so what arrives above them counts.
 */
export function arrivedBelow(before: Item[], now: Item[]): number {
  const known = new Set(before.map(itemKey));
  const wasThere = (item: Item) => known.has(itemKey(item));
  const lastOfOthers = now.findLastIndex((item) => wasThere(item) && !isOwn(item));
  const from = lastOfOthers < 0 ? now.findIndex(wasThere) : lastOfOthers;
  return now
    .slice(from + 1)
    .filter((item) => item.item === 'message' && !isOwn(item) && !wasThere(item)).length;
}

function isOwn(item: Item): boolean {
  return item.item === 'message' && item.message.author === 'me';
}

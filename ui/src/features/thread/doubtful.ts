import type { Item } from '$lib/contract';

/** Whose reply from another desk it is of which nobody knows whether it arrived: who sends past it is told first. */
export function doubtfulOf(items: readonly Item[]): string | null {
  for (const item of items) {
    if (item.item !== 'message') continue;
    const { elsewhere, authorName, state } = item.message;
    if (elsewhere && state === 'unknown') return authorName;
  }
  return null;
}

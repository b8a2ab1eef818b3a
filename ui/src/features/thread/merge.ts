/**
 * Joins the newest items of a thread, read again, with the older ones that were scrolled to. Pure.
 *
 * The newest page wins. What stood before it stays only if the two meet; with a gap between them the
 * older ones are let go, and scrolling reads them again.
 */
import type { Item, ThreadView } from '$lib/contract';

export function itemKey(item: Item): string {
  return item.item === 'message' ? item.message.key : item.key;
}

export function itemMs(item: Item): number {
  return item.item === 'message' ? item.message.atMs : item.atMs;
}

export function merged(fresh: ThreadView, before: ThreadView | null): ThreadView {
  const firstFresh = fresh.items[0];
  if (!before || !firstFresh || !fresh.older) return fresh;
  const meet = before.items.findIndex((item) => itemKey(item) === itemKey(firstFresh));
  if (meet <= 0) return fresh;
  const inFresh = new Set(fresh.items.map(itemKey));
  const older = before.items.slice(0, meet).filter((item) => !inFresh.has(itemKey(item)));
  return { ...fresh, items: [...older, ...fresh.items], older: before.older };
}

export function withOlder(view: ThreadView, items: Item[], older: string | null): ThreadView {
  const known = new Set(view.items.map(itemKey));
  return {
    ...view,
    items: [...items.filter((item) => !known.has(itemKey(item))), ...view.items],
    older,
  };
}

/**
 * Joins the newest items of a thread, read again, with the older ones that were scrolled to. Pure.
 *
 * The newest page wins. What stood before it stays only if the two meet; with a gap between them the
 * older ones are let go, and scrolling reads them again. What stays is read again behind it, in pieces, and
 * put in its own place.
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

/** Whether something is missing between what was shown and the newest page. */
export function isApart(fresh: ThreadView, before: ThreadView): boolean {
  const first = fresh.items[0];
  if (!first || fresh.older === null || before.items.length === 0) return false;
  return before.items.every((item) => itemKey(item) !== itemKey(first));
}

/** What stands before the newest page in a thread that was scrolled up: its first item, and the first of that page. */
export type Above = { from: Item; to: string };

export function aboveOf(view: ThreadView, fresh: ThreadView): Above | null {
  const [first] = view.items;
  const [newest] = fresh.items;
  if (!first || !newest || itemKey(first) === itemKey(newest)) return null;
  return { from: first, to: itemKey(newest) };
}

/** Whether this page reaches down to where the range begins. */
export function reaches(page: Item[], { from }: Above): boolean {
  const key = itemKey(from);
  return page.some((item) => itemKey(item) === key || itemMs(item) < itemMs(from));
}

/** What was read again from an item on, also when that one is gone. */
export function since(read: Item[], from: Item): Item[] {
  const first = read.findIndex((item) => itemKey(item) === itemKey(from));
  return first < 0 ? read.filter((item) => itemMs(item) >= itemMs(from)) : read.slice(first);
}

/**
 * Puts items that were read again in the place of what stood there. What was scrolled to or arrived meanwhile stays;
 * null when the range is not shown any more.
 */
export function withAbove(view: ThreadView, { from, to }: Above, read: Item[]): ThreadView | null {
  const begin = view.items.findIndex((item) => itemKey(item) === itemKey(from));
  const end = view.items.findIndex((item) => itemKey(item) === to);
  if (begin < 0 || end < begin) return null;
  const range = since(read, from);
  const kept = [...view.items.slice(0, begin), ...view.items.slice(end)];
  const known = new Set(kept.map(itemKey));
  const again = range.filter((item) => !known.has(itemKey(item)));
  return { ...view, items: [...kept.slice(0, begin), ...again, ...kept.slice(begin)] };
}

/**
 * A stretch of the past that reaches the newest items, joined with them; null when it does not. What is shown reaches
 * from its first item to the end without a gap, so that one item in common is enough.
 */
export function met(view: ThreadView, items: Item[], older: string | null): ThreadView | null {
  const shown = new Set(view.items.map(itemKey));
  const meet = items.findIndex((item) => shown.has(itemKey(item)));
  if (meet < 0) return null;
  if (meet === 0) return view;
  return { ...view, items: [...items.slice(0, meet), ...view.items], older };
}

export function withNewer(items: Item[], newer: Item[]): Item[] {
  const known = new Set(items.map(itemKey));
  return [...items, ...newer.filter((item) => !known.has(itemKey(item)))];
}

type Older = { items: Item[]; older: string | null };

export function withOlder<T extends Older>(view: T, items: Item[], older: string | null): T {
  const known = new Set(view.items.map(itemKey));
  return {
    ...view,
    items: [...items.filter((item) => !known.has(itemKey(item))), ...view.items],
    older,
  };
}

/** The place of a message in its thread, where one can go on reading from. */
function placeOf(item: Item | undefined): string | null {
  return item?.item === 'message' ? item.message.place : null;
}

/**
 * The newest of these items, about so many, and where the others begin. It is cut at a message before which some time
 * went by, so that nothing of the same moment is lost; null when there is no such place.
 */
export function withoutHead(items: Item[], keep: number): Older | null {
  for (let at = items.length - keep; at > 0; at -= 1) {
    const older = placeOf(items[at]);
    if (older !== null && itemMs(items[at - 1]!) < itemMs(items[at]!))
      return { items: items.slice(at), older };
  }
  return null;
}

/** The oldest of these items, about so many, and where the others begin. */
export function withoutTail(items: Item[], keep: number): { items: Item[]; newer: string } | null {
  for (let at = keep - 1; at < items.length - 1; at += 1) {
    const newer = placeOf(items[at]);
    if (newer !== null && itemMs(items[at]!) < itemMs(items[at + 1]!))
      return { items: items.slice(0, at + 1), newer };
  }
  return null;
}

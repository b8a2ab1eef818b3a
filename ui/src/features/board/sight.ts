/**
 * Which columns of the board are in sight, and which of them one read brings.
 *
 * Promises: a read never asks for more columns than the host gives at once; those in sight and as many as can be beside
 * them on both sides are among them, so that with hundreds of columns each has its threads when it is scrolled into sight.
 */

/** The most columns that the host reads at once. */
export const MOST_COLUMNS = 60;
/** So many columns beside those in sight are to be read before they come into sight. */
const NEAR = 10;

/** The first place and the one after the last. */
export type Places = { from: number; to: number };

/** Of so many columns those that are read, where these are in sight. Pure. */
export function reach(count: number, sight: Places): Places {
  if (count <= MOST_COLUMNS) return { from: 0, to: count };
  const middle = Math.floor((sight.from + sight.to) / 2);
  const from = Math.max(0, Math.min(middle - MOST_COLUMNS / 2, count - MOST_COLUMNS));
  return { from, to: from + MOST_COLUMNS };
}

/** Those in sight and those that may come next. Pure. */
export function near({ from, to }: Places): Places {
  return { from: Math.max(0, from - NEAR), to: to + NEAR };
}

/** Which children of a strip are in sight; null while none is. */
export function inSight(strip: HTMLElement): Places | null {
  const { left, right } = strip.getBoundingClientRect();
  const places = [...strip.children]
    .map((child, at) => ({ at, box: child.getBoundingClientRect() }))
    .filter(({ box }) => box.right > left && box.left < right)
    .map(({ at }) => at);
  const from = places[0];
  return from === undefined ? null : { from, to: (places.at(-1) ?? from) + 1 };
}

/** Where the caret goes when the text around it is changed by somebody else than who writes. Pure. */

/** The place in `now` of what stood at `place` in `before`: what was put in before it moves it, what comes after does not. */
export function placeAfter(before: string, now: string, place: number): number {
  const most = Math.min(before.length, now.length);
  let same = 0;
  while (same < most && before.at(-1 - same) === now.at(-1 - same)) same += 1;
  const changedTo = before.length - same;
  const moved = place >= changedTo ? place + now.length - before.length : place;
  return Math.max(0, Math.min(moved, now.length));
}

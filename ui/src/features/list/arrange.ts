/**
 * The order of rows while somebody points at them or presses one. Pure.
 *
 * ```text
 *   free    fresh order
 *   held    rows change in place, nothing moves, what would move is counted
 * ```
 */
import type { ThreadRef, ThreadRow } from '$lib/contract';

/** What rows are told apart by. */
type Named = { thread: ThreadRef };

export type Arranged<Row extends Named = ThreadRow> = {
  rows: Row[];
  /** How many rows stand elsewhere than the fresh order would put them. */
  moved: number;
};

export function arrange<Row extends Named>(
  shown: Row[],
  fresh: Row[],
  held: boolean,
): Arranged<Row> {
  if (!held || shown.length === 0) return { rows: fresh, moved: 0 };
  const rows = inPlace(shown, fresh);
  return { rows, moved: differences(rows, fresh) };
}

/** The shown order with fresh content. Rows that left stay as they were; new ones wait. */
function inPlace<Row extends Named>(shown: Row[], fresh: Row[]): Row[] {
  const byThread = new Map(fresh.map((row) => [row.thread, row]));
  const kept = shown.map((row) => byThread.get(row.thread) ?? row);
  // What is loaded below the end moves nothing.
  const known = new Set(shown.map((row) => row.thread));
  const lastShown = shown[shown.length - 1]?.thread;
  const from = fresh.findIndex((row) => row.thread === lastShown);
  const below = from < 0 ? [] : fresh.slice(from + 1).filter((row) => !known.has(row.thread));
  return [...kept, ...below];
}

function differences<Row extends Named>(rows: Row[], fresh: Row[]): number {
  const places = new Map(rows.map((row, i) => [row.thread, i]));
  const missing = fresh.filter((row) => !places.has(row.thread)).length;
  const known = new Set(fresh.map((row) => row.thread));
  // What stands after the last row of the page was pushed out of it, and did not move.
  const end = rows.findLastIndex((row) => known.has(row.thread)) + 1;
  const gone = rows.slice(0, end).filter((row) => !known.has(row.thread)).length;
  return missing + gone + outOfOrder(fresh.flatMap((row) => places.get(row.thread) ?? []));
}

/** How many places must change for the rest to be ascending: all but the longest rising run of them. */
function outOfOrder(places: number[]): number {
  const ends: number[] = [];
  for (const place of places) {
    const at = ends.findIndex((end) => end >= place);
    ends[at < 0 ? ends.length : at] = place;
  }
  return places.length - ends.length;
}

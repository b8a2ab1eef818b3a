/**
 * A stretch of a list that is read in pages by key. Pure.
 *
 * However long the list is, at most so many rows are held; what is let go at one end is read again when somebody
 * scrolls there. `skipped` says how many rows stand above the stretch; while rows come and go up there it is about
 * right, and exact again at the top.
 */
import type { ThreadRef, ThreadRow } from '$lib/contract';

/** More rows are not held. */
export const MOST = 400;
/** Below the top at least so much room is kept for rows that are not read yet. */
const ROOM = 100;

/** Where a page begins: the key to read it after, and its first row's place in the stretch. */
type Joint = { at: number; key: string | null };

/** What rows are told apart by. */
type Named = { thread: ThreadRef };

/** A page as it was read. */
export type PageOf<Row> = { rows: Row[]; previous: string | null; next: string | null };

export type Stretch<Row extends Named = ThreadRow> = {
  rows: Row[];
  skipped: number;
  joints: Joint[];
  next: string | null;
};

export const nothing: Stretch<never> = {
  rows: [],
  skipped: 0,
  joints: [{ at: 0, key: null }],
  next: null,
};

/** Where the stretch begins; none at the top of the list. */
export const startOf = (stretch: Pick<Stretch, 'joints'>): string | null =>
  stretch.joints[0]?.key ?? null;

/** What was read again takes its place, to the end; null when it does not begin where a page of the stretch does. */
export function reread<Row extends Named>(
  stretch: Stretch<Row>,
  page: PageOf<Row>,
): Stretch<Row> | null {
  const at = stretch.joints.findIndex(({ key }) => key === page.previous);
  const joint = stretch.joints[at];
  if (!joint) return null;
  return {
    rows: joined(stretch.rows.slice(0, joint.at), page.rows),
    skipped: startOf(stretch) === null ? 0 : Math.max(stretch.skipped, ROOM),
    joints: stretch.joints.slice(0, at + 1),
    next: page.next,
  };
}

/** With the page below it. A row that moved between the two reads appears once. */
export function withBelow<Row extends Named>(
  stretch: Stretch<Row>,
  page: PageOf<Row>,
): Stretch<Row> {
  const { rows, joints, next } = stretch;
  const all = joined(rows, page.rows);
  const longer = {
    ...stretch,
    rows: all,
    joints: [...joints, { at: rows.length, key: next }],
    next: page.next,
  };
  if (all.length <= MOST) return longer;
  const joint = longer.joints.find(({ at }) => all.length - at <= MOST);
  return joint ? from(longer, joint) : longer;
}

/** With the page above it. */
export function withAbove<Row extends Named>(
  stretch: Stretch<Row>,
  page: PageOf<Row>,
): Stretch<Row> {
  const known = new Set(page.rows.map((row) => row.thread));
  const kept = stretch.rows.filter((row) => !known.has(row.thread));
  const rows = [...page.rows, ...kept];
  const by = rows.length - stretch.rows.length;
  const skipped = page.previous === null ? 0 : Math.max(stretch.skipped - by, ROOM);
  const below = stretch.joints.map(({ at, key }) => ({ at: Math.max(0, at + by), key }));
  const joints = [{ at: 0, key: page.previous }, ...below];
  const longer = { rows, skipped, joints, next: stretch.next };
  const cut = rows.length > MOST ? joints.findLast(({ at }) => at > 0 && at <= MOST) : undefined;
  if (!cut) return longer;
  const left = joints.filter(({ at }) => at < cut.at);
  return { rows: rows.slice(0, cut.at), skipped, joints: left, next: cut.key };
}

/** Without the pages that end above a row of it. */
export function fromRow<Row extends Named>(stretch: Stretch<Row>, row: number): Stretch<Row> {
  const joint = stretch.joints.findLast(({ at }) => at <= row);
  return joint ? from(stretch, joint) : stretch;
}

function from<Row extends Named>(stretch: Stretch<Row>, { at: by }: Joint): Stretch<Row> {
  return {
    ...stretch,
    rows: stretch.rows.slice(by),
    skipped: stretch.skipped + by,
    joints: stretch.joints
      .filter(({ at }) => at >= by)
      .map(({ at, key }) => ({ at: at - by, key })),
  };
}

const joined = <Row extends Named>(first: Row[], second: Row[]): Row[] => [
  ...first,
  ...besides(first, second),
];

/** Those of other rows that are not among these. */
export function besides<Row extends Named>(rows: Row[], others: Row[]): Row[] {
  const known = new Set(rows.map((row) => row.thread));
  return others.filter((row) => !known.has(row.thread));
}

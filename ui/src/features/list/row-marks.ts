/** What a row says besides name, time and preview. Pure. */
import type { OwnerView, SendState, ThreadRow, View } from '$lib/contract';
import { lapses } from '$features/thread/owner-line';
import { leftShort, moment } from '$lib/format/time';
import { words } from '$lib/words';

/** `title`: the same in a sentence. */
export type Mark = { text: string; title: string; tone: 'plain' | 'bot' | 'warn' | 'bad' };

/** Below this much time left for a plain reply the row says so, milliseconds. */
const SHORT_MS = 6 * 3_600_000;

const ON_ITS_WAY: ReadonlySet<SendState> = new Set(['held', 'queued', 'sending']);

/** Who holds the thread, where it is not us; and that we lose it soon, where this agent works on it (`nowMs` is given). */
export function ownerMark(
  owner: OwnerView,
  nowMs: number | null = null,
): Omit<Mark, 'title'> | null {
  if (nowMs !== null && lapses(owner, nowMs)) {
    return { text: words.list.lapsesTag(leftShort(owner.untilMs! - nowMs)), tone: 'warn' };
  }
  if (owner.owner === 'questionFlow') return { text: words.list.questions, tone: 'bot' };
  if (owner.owner === 'other') return { text: owner.appName ?? words.anotherApp, tone: 'bot' };
  if (owner.owner === 'metaInbox') {
    return { text: owner.appName ?? words.metaInbox('messenger'), tone: 'plain' };
  }
  if (owner.owner === 'idle') return { text: words.list.nobody, tone: 'plain' };
  return null;
}

/** The tags of a row. That nobody holds a thread which can be answered no more is of no use to anybody, and takes room. */
export function tags(
  row: ThreadRow,
  nowMs: number,
): { owner: Omit<Mark, 'title'> | null; left: Mark | null } {
  const left = windowMark(row, nowMs);
  const isIdleForGood = row.owner.owner === 'idle' && left?.text === words.list.shut;
  return { owner: isIdleForGood ? null : ownerMark(row.owner, row.mine ? nowMs : null), left };
}

/** Who works on it. `who`: the agent of this desk, a colleague, nobody. */
export type Assignee = { text: string; title: string; who: 'me' | 'colleague' | 'nobody' };

/** Who works on it, in every view whose rows are not all of one: null where the view says it itself. */
export function assigneeMark(
  { mine, assignee }: Pick<ThreadRow, 'mine' | 'assignee'>,
  view: View,
): Assignee | null {
  const w = words.list.works;
  if (mine) return view === 'mine' ? null : { text: w.me, title: w.meLong, who: 'me' };
  if (assignee !== null) return { text: assignee, title: w.on(assignee), who: 'colleague' };
  return view === 'unassigned' ? null : { text: w.nobody, title: w.nobodyLong, who: 'nobody' };
}

/** Until when it sleeps. */
export function sleepMark({ status }: ThreadRow, nowMs: number): Mark | null {
  if (status.status !== 'snoozed') return null;
  const when = moment(status.untilMs, nowMs);
  return { text: words.list.sleeps(when), title: words.list.sleepsLong(when), tone: 'plain' };
}

/** What is left of the time to answer, where it is short or over. */
export function windowMark(row: ThreadRow, nowMs: number): Mark | null {
  const { freeUntilMs, lateUntilMs } = row;
  if (freeUntilMs === null && lateUntilMs === null) return null;
  const free = (freeUntilMs ?? 0) - nowMs;
  if (free > SHORT_MS) return null;
  if (free > 0) {
    const left = leftShort(free);
    return { text: words.list.leftTag(left), title: words.list.leftTagLong(left), tone: 'warn' };
  }
  const late = (lateUntilMs ?? 0) - nowMs;
  if (late > 0) {
    const left = leftShort(late);
    return { text: words.list.lateTag(left), title: words.list.lateTagLong(left), tone: 'plain' };
  }
  return { text: words.list.shut, title: words.list.shutLong, tone: 'plain' };
}

/** Whether what the preview says has not left, and is about to. */
const leaves = ({ leaving, leavingIs }: ThreadRow): boolean =>
  leaving !== null && leavingIs !== null && (leavingIs === 'waiting' || ON_ITS_WAY.has(leavingIs));

/**
 * How replies of this desk stand, for the one mark of a row: the one in the preview while it is on its way, whatever became of
 * those before it; else the worst of all.
 */
export function standing(row: ThreadRow): SendState | null {
  return leaves(row) && row.draft === null ? row.leavingIs : row.outgoing;
}

/**
 * That the reply in the preview has not left, in a word; null where it has, or where nobody knows. `waitsForRelay`: what has
 * not left yet does not leave before the relay is back.
 */
export function leavingMark(row: ThreadRow, waitsForRelay = false): string | null {
  if (!leaves(row)) return null;
  const { leavingIs } = row;
  const isBefore = leavingIs === 'held' || leavingIs === 'queued';
  if (leavingIs === 'waiting' || (waitsForRelay && isBefore)) return words.list.waits;
  return words.list.sending;
}

/** That a reply waits on another desk, in a sentence; null where none does. */
export function waitsElsewhere({ replyWaits }: ThreadRow): string | null {
  if (replyWaits === null) return null;
  return replyWaits.me ? words.replyWaits.mine : words.replyWaits.on(replyWaits.name);
}

/** The preview in words, with who said it: what leaves this desk comes before what is known to be said. */
export function preview(row: ThreadRow): { who: string | null; text: string } {
  if (row.leaving !== null) return { who: words.list.previewBy.me, text: row.leaving };
  const text = words.preview[row.previewWhat](row.preview);
  return { who: speaker(row), text: text === '' ? withoutWords(row) : text };
}

/** A line is never empty. */
function withoutWords({ previewBy }: ThreadRow): string {
  return previewBy === 'system' ? words.list.nothingSaid : words.thread.noWords;
}

function speaker(row: ThreadRow): string | null {
  switch (row.previewBy) {
    case 'me':
      return words.list.previewBy.me;
    case 'colleague':
    case 'inbox':
      return row.previewName;
    case 'app':
      return row.previewName ?? words.list.previewBy.account[row.channel];
    case 'customer':
    case 'system':
      return null;
  }
}

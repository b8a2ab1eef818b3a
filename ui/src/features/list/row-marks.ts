/** What a row says besides name, time and preview. Pure. */
import type { OwnerView, ThreadRow } from '$lib/contract';
import { leftShort } from '$lib/format/time';
import { words } from '$lib/words';

/** `title`: the same in a sentence. */
export type Mark = { text: string; title: string; tone: 'plain' | 'bot' | 'warn' | 'bad' };

/** Below this much time left for a plain reply the row says so, milliseconds. */
const SHORT_MS = 6 * 3_600_000;

/** Who holds the thread, where it is not us. */
export function ownerMark(owner: OwnerView): Omit<Mark, 'title'> | null {
  if (owner.owner === 'other') return { text: owner.appName ?? words.anotherApp, tone: 'bot' };
  if (owner.owner === 'metaInbox') {
    return { text: owner.appName ?? words.metaInbox('messenger'), tone: 'plain' };
  }
  if (owner.owner === 'idle') return { text: words.list.nobody, tone: 'plain' };
  return null;
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

/** The preview in words, with who said it. */
export function preview(row: ThreadRow): { who: string | null; text: string } {
  const text = words.preview[row.previewWhat](row.preview);
  const isNothing = text === '' && row.previewBy === 'system';
  return { who: speaker(row), text: isNothing ? words.list.nothingSaid : text };
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

/** The counts of one view. Of mentions those wait whose note was not read. */
import type { View, ViewCounts } from '$lib/contract';
import { words } from '$lib/words';

export type Counts = { all: number; waiting: number };

export function counts(all: ViewCounts | null, view: View): Counts | null {
  if (!all) return null;
  switch (view) {
    case 'mine':
      return { all: all.mine, waiting: all.mineWaiting };
    case 'unassigned':
      return { all: all.unassigned, waiting: all.unassignedWaiting };
    case 'mentions':
      return { all: all.mentions, waiting: all.mentionsOpen };
    case 'endingSoon':
      return { all: all.endingSoon, waiting: all.endingSoon };
    case 'all':
      return { all: all.all, waiting: all.allWaiting };
    case 'tooLate':
      return { all: all.tooLate, waiting: 0 };
    case 'snoozed':
      return { all: all.snoozed, waiting: 0 };
    case 'done':
      return { all: all.done, waiting: 0 };
    case 'blocked':
      return { all: all.blocked, waiting: 0 };
  }
}

/**
 * The same in words: `whole`; `short`, which always has room and begins with the number that the rail has beside the view; and
 * what of them `short` counts, where it says so.
 */
export function countWords(
  view: View,
  { all, waiting }: Counts,
): { whole: string; short: string; beside: string | null } {
  const w = words.list;
  const some = waiting > 0;
  const short = some ? w.some(waiting, all) : `${all}`;
  switch (view) {
    case 'tooLate':
      return { whole: w.countTooLate(all), short: `${all}`, beside: w.tooLate };
    case 'endingSoon':
      return { whole: w.countEndingSoon(all), short: `${all}`, beside: w.endingSoon };
    case 'mentions':
      return { whole: w.countMentions(all, waiting), short, beside: some ? w.toRead : null };
    default:
      return { whole: w.count(all, waiting), short, beside: some ? w.toAnswer : null };
  }
}

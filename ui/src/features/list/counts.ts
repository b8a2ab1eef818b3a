/** The counts of one view. */
import type { View, ViewCounts } from '$lib/contract';

export function counts(
  all: ViewCounts | null,
  view: View,
): { all: number; waiting: number } | null {
  if (!all) return null;
  switch (view) {
    case 'mine':
      return { all: all.mine, waiting: all.mineWaiting };
    case 'unassigned':
      return { all: all.unassigned, waiting: all.unassignedWaiting };
    case 'all':
      return { all: all.all, waiting: all.allWaiting };
    case 'tooLate':
      return { all: all.tooLate, waiting: 0 };
    case 'done':
      return { all: all.done, waiting: 0 };
    case 'blocked':
      return { all: all.blocked, waiting: 0 };
  }
}

/** Who may give a thread to whom, in words where it cannot be. The relay decides; it is not asked in vain. Pure. */
import type { RoleView, ThreadRow } from '$lib/contract';
import { words } from '$lib/words';

/** Why this agent cannot take a thread on; null where that can work, giving back the own one too. */
export function whyNotMine(row: ThreadRow, role: RoleView | null): string | null {
  if (role !== 'agent' || row.mine || row.assignee === null) return null;
  return words.assigning.theirs(row.assignee);
}

/** Why this agent cannot give a thread to somebody; null where that can work. */
export function whyNotGiven(row: ThreadRow, role: RoleView | null): string | null {
  if (role !== 'agent' || row.mine) return null;
  return row.assignee === null
    ? words.assigning.onlySelf
    : words.assigning.theirsToGive(row.assignee);
}

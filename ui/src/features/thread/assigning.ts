/** Who may give a thread to whom or change how it stands, in words where that cannot be. The relay decides; it is not asked in vain. Pure. */
import type { RoleView, StatusView, ThreadRow } from '$lib/contract';
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

/**
 * Why this agent cannot set a thread so; null where that can work. Whoever answered last in a colleague's thread says that it
 * is done, or waits for the customer. A bot's message comes after that and changes nothing: there the relay decides.
 */
export function whyNotSet(
  row: ThreadRow,
  role: RoleView | null,
  to: StatusView['status'],
): string | null {
  if (role !== 'agent' || row.mine || row.assignee === null) return null;
  const follows = to === 'done' || to === 'waitingOnCustomer';
  const isAnothersWord = ['customer', 'colleague', 'inbox'].includes(row.previewBy);
  const mayHaveAnswered = row.outgoing !== null || !isAnothersWord;
  return follows && mayHaveAnswered ? null : words.assigning.theirsToSet(row.assignee);
}

/** Where a customer's name comes from, in words. Pure. */
import type { Session, ThreadRow } from '$lib/contract';
import { words } from '$lib/words';

export function nameFrom(row: ThreadRow, session: Session | null): string {
  const account = session?.accounts.find((one) => one.id === row.account);
  if (row.nameFrom === 'nobody') {
    // Meta gives no names of this account at all: that is no fault of the customer's.
    if (account?.namesGiven === false) return words.details.notApproved;
    // Nobody knows whether it gives any: the steward asks.
    if (account?.namesGiven !== true) return words.details.notKnownYet;
  }
  return words.details.nameFrom[row.nameFrom];
}

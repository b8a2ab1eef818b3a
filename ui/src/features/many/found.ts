/** Who works on several accounts. Pure. */
import type { Member } from '$lib/contract';

/** `missing`: on how many of the accounts they do not work. */
export type Found = Member & { missing: number };

/** Everybody of any of the accounts; whoever asks first, then who works on most of them, by name. */
export function onAll(accounts: Member[][]): Found[] {
  const found = new Map<string, Found>();
  for (const member of accounts.flat()) {
    const before = found.get(member.agent);
    const missing = (before?.missing ?? accounts.length) - 1;
    found.set(member.agent, { ...(before ?? member), missing });
  }
  return [...found.values()].sort(
    (a, b) => Number(b.me) - Number(a.me) || a.missing - b.missing || a.name.localeCompare(b.name),
  );
}

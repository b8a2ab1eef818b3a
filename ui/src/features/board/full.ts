/**
 * Who is full: each account has its own limit, and all of them together are none. Somebody is full who is so on every account
 * that they work on; what is asked before threads are given is of the accounts of those threads alone.
 */
import type { BoardAccount, BoardAgent, ThreadRow } from '$lib/contract';

/** Where somebody works; where they only have something still is none of it. */
const worksOn = ({ accounts }: BoardAgent): BoardAccount[] =>
  accounts.filter(({ limit }) => limit !== null);

/** Whether somebody works on the board's accounts at all. */
export const worksHere = (one: BoardAgent): boolean => worksOn(one).length > 0;

/** Whether the queues give somebody nothing more, on whichever account. */
export function isFull(one: BoardAgent): boolean {
  const all = worksOn(one);
  return all.length > 0 && all.every(({ full }) => full);
}

/** The names of the accounts on which somebody is full. */
export const fullOn = ({ accounts }: BoardAgent): string[] =>
  accounts.filter(({ full }) => full).map(({ name }) => name);

/** How many open threads somebody gets at most; null where what they have is of several accounts, or they work on none. */
export const limitOf = ({ accounts }: BoardAgent): number | null =>
  accounts.length === 1 ? (accounts[0]?.limit ?? null) : null;

type Given = Pick<ThreadRow, 'account' | 'status'>;

/** Of the accounts of these threads, those on which somebody would have more than the rules give. What waits on the customer counts for no limit. */
export function tooMuchOn({ accounts }: BoardAgent, threads: Given[]): BoardAccount[] {
  return accounts.filter(({ account, open, limit }) => {
    const more = threads.filter((one) => one.account === account && one.status.status === 'open');
    return limit !== null && more.length > 0 && open + more.length > limit;
  });
}

/** What somebody has on the accounts of these threads. */
export function hasOn({ accounts }: BoardAgent, threads: Given[]): BoardAccount[] {
  return accounts.filter(({ account }) => threads.some((one) => one.account === account));
}

/** What the list of people says of somebody in one row. Pure. */
import { calledName } from '$lib/account-name';
import type {
  PeopleAccount,
  PeopleView,
  PersonDeskView,
  RoleView,
  TeamPerson,
} from '$lib/contract';
import { ago } from '$lib/format/time';
import { words } from '$lib/words';

/** The strongest first. */
export const ROLES: RoleView[] = ['admin', 'supervisor', 'agent'];

export function roleName(role: RoleView): string {
  return words.accounts.roles[role];
}

export function roleOf(person: TeamPerson, account: string): RoleView | null {
  return person.roles.find((on) => on.account === account)?.role ?? null;
}

/** The roles in one line, the strongest first; the account is left out where there is only one. */
export function roleLine(roles: TeamPerson['roles'], accounts: PeopleAccount[]): string {
  if (roles.length === 0) return words.people.noRole;
  const parts = ROLES.flatMap((role) => {
    const on = accounts.filter(({ id }) =>
      roles.some((one) => one.account === id && one.role === role),
    );
    const [first] = on;
    if (!first) return [];
    if (accounts.length === 1) return [roleName(role)];
    return on.length === 1
      ? [words.people.roleOn(roleName(role), calledName(first))]
      : [words.people.roleEverywhere(roleName(role), on.length)];
  });
  return parts.join(', ');
}

/** Desks that may read. */
export function enrolled(person: TeamPerson): PersonDeskView[] {
  return person.desks.filter(({ state }) => state === 'enrolled');
}

/** When somebody was connected last: the latest of their desks counts. Empty for whoever has none. */
export function seenLine(person: TeamPerson, nowMs: number): string {
  const desks = enrolled(person);
  if (desks.length === 0) return '';
  if (desks.some(({ connected }) => connected)) return words.people.connectedNow;
  const last = Math.max(...desks.map(({ seenMs }) => seenMs ?? 0));
  return last === 0 ? words.people.neverSeen : ago(last, nowMs);
}

/** True while a desk has not confirmed that what it may not hold is gone. */
export function isUnsettled({ state, stillHolds, erasures }: PersonDeskView): boolean {
  return state === 'cutOff' || (state === 'enrolled' && (stillHolds.length > 0 || erasures > 0));
}

/** Whose name has this in it. */
export function called(people: TeamPerson[], text: string): TeamPerson[] {
  const wanted = text.trim().toLocaleLowerCase();
  return people.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
}

/** The accounts on which whoever sits here gives roles. */
export function administered({ accounts }: PeopleView): PeopleAccount[] {
  return accounts.filter((account) => account.administered);
}

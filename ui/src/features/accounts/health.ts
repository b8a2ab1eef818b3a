/** What the facts about an account come to. Pure. */
import type { AccountFact, AccountFactState, AccountView } from '$lib/contract';

const order: AccountFactState[] = ['good', 'note', 'warning', 'bad'];

/** How the account is as a whole: as its worst fact. */
export function worst(account: AccountView): AccountFactState {
  const at = Math.max(0, ...account.health.map((fact) => order.indexOf(fact.state)));
  return order[at] ?? 'good';
}

/** The facts that want somebody, worst first; those of one kind in the order they have. */
export function troubles(account: AccountView): AccountFact[] {
  const bad = account.health.filter((fact) => fact.state === 'bad');
  return [...bad, ...account.health.filter((fact) => fact.state === 'warning')];
}

/** What an account is called wherever it is named. Pure. */
import type { AccountView, LoginView } from '$lib/contract';
import { words } from '$lib/words';

type Called = { id: string; name: string; channel?: AccountView['channel'] };

const unnamed = ({ channel }: Called) => words.firstRun.unnamed[channel ?? 'either'];

/** What an account is called: its name, as soon as a login or Meta told it; until then a word, and not its number. */
export function calledName(account: Called, login: LoginView | null = null): string {
  if (account.name !== account.id) return account.name;
  const granted = login?.state === 'choosing' ? login.granted : [];
  const told = granted.find(({ id }) => id === account.id)?.name;
  return told ?? unnamed(account);
}

/** What tells an account from the others: one shop often has one name on both channels. */
export function calledApart(account: AccountView, all: readonly AccountView[]): string {
  const name = calledAmong(account, all);
  const isAlone = !all.some((one) => one.id !== account.id && calledAmong(one, all) === name);
  return isAlone ? name : words.rail.onChannel(name, words.channel[account.channel]);
}

/** What an account is called among others: its number tells it from one that would go by the same word. */
export function calledAmong(
  account: Called,
  all: readonly Called[],
  login: LoginView | null = null,
): string {
  const name = calledName(account, login);
  if (name !== unnamed(account)) return name;
  const isAlone = !all.some((one) => one.id !== account.id && calledName(one, login) === name);
  return isAlone ? name : words.firstRun.unnamedOf[account.channel ?? 'either'](account.id);
}

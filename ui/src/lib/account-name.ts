/** What an account is called wherever it is named. Pure. */
import type { AccountView, LoginView } from '$lib/contract';
import { words } from '$lib/words';

/** What an account is called: its name, as soon as a login or Meta told it; until then a word, and not its number. */
export function calledName(
  account: { id: string; name: string; channel?: AccountView['channel'] },
  login: LoginView | null = null,
): string {
  if (account.name !== account.id) return account.name;
  const granted = login?.state === 'choosing' ? login.granted : [];
  const told = granted.find(({ id }) => id === account.id)?.name;
  return told ?? words.firstRun.unnamed[account.channel ?? 'either'];
}

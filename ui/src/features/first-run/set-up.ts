/** What set-up decides: which accounts are ready, and where the words of each failure belong. Pure. */
import type {
  AccountView,
  CommandError,
  CommandErrorCode,
  LoginView,
  Problem,
} from '$lib/contract';
import { words } from '$lib/words';

/** True when this desk can answer for the account: it is connected, and this desk has a token that works. */
export function canAnswer(account: AccountView): boolean {
  return account.connected && account.token === 'alive';
}

/** True when this desk has to join its workspace anew, with what it has. */
export function mustRejoin({ kind }: Problem): boolean {
  return kind === 'deskRevoked' || kind === 'deskKeyGone';
}

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

export type Place = 'address' | 'invite' | 'token' | 'form';

const places: Partial<Record<CommandErrorCode, Place>> = {
  relayUnreachable: 'address',
  notARelay: 'address',
  relayTooOld: 'address',
  relayTooNew: 'address',
  inviteInvalid: 'invite',
  deskRevoked: 'invite',
  tokenInvalid: 'token',
  wrongPage: 'token',
  rightsMissing: 'token',
};

export function placeOf(error: CommandError): Place {
  return places[error.code] ?? 'form';
}

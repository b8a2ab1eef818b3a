/** What set-up decides: which accounts are ready, and where the words of each failure belong. Pure. */
import type { AccountView, CommandError, CommandErrorCode, Problem } from '$lib/contract';

/** True when this desk can answer for the account: it is connected, and this desk has a token that works. */
export function canAnswer(account: AccountView): boolean {
  return account.connected && account.token === 'alive';
}

/** True when this desk has to join its workspace anew; what it has stays. */
export function mustRejoin({ kind }: Problem): boolean {
  return kind === 'deskRevoked' || kind === 'deskUnknown' || kind === 'deskKeyGone';
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

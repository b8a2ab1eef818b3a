/** Where in the set-up the words of each failure belong. */
import type { CommandError, CommandErrorCode } from '$lib/contract';

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

/** What of a view is shown, in words. */
import type { Desk } from '../../app/desk.svelte';
import { calledName } from '$lib/account-name';
import { words } from '$lib/words';
import type { Filter } from './list.svelte';

/** One part of the filter: what it is called, and how it is taken away. */
export type Only = { part: keyof Filter; name: string };

/** Each part of the filter that is on. */
export function filterWords(desk: Desk): Only[] {
  const { account, channel, label } = desk.list.filter;
  const parts: Only[] = [];
  if (account !== null) {
    const known = desk.session.data?.accounts.find(({ id }) => id === account);
    parts.push({ part: 'account', name: known ? calledName(known) : account });
  }
  if (channel !== null) parts.push({ part: 'channel', name: words.channel[channel] });
  if (label !== null) {
    const gone = desk.labels.query.data ? words.filter.goneLabel : words.filter.label;
    parts.push({ part: 'label', name: desk.labels.find(label)?.name ?? gone });
  }
  return parts;
}

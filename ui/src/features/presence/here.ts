/** Who is in a thread, in the order in which it matters: who writes a reply, who writes a note, who reads. */
import type { Doing } from '$lib/contract';
import type { Colleague } from './presence.svelte';

const order: Doing[] = ['writesReply', 'writesNote', 'reads'];

export function byDoing(people: Colleague[]): Colleague[] {
  return [...people].sort((a, b) => order.indexOf(a.doing) - order.indexOf(b.doing));
}

/** Those who write a reply: whoever answers now crosses them. */
export function whoReplies(people: Colleague[]): string[] {
  return people.filter(({ doing }) => doing === 'writesReply').map(({ name }) => name);
}

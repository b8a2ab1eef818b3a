/**
 * The items of a thread as they are drawn: groups of one author, with lines between them. Pure.
 *
 * A group holds what one author said, each within three minutes of the one before. A date line, the *new*
 * line, a note, a handover or a team line ends it.
 */
import type { Item, MessageView } from '$lib/contract';
import { daysBetween } from '$lib/format/time';
import { itemKey, itemMs } from './merge';

export type Group = { block: 'group'; key: string; messages: MessageView[] };

export type Block =
  | Group
  | { block: 'day'; key: string; atMs: number }
  | { block: 'new'; key: string }
  | { block: 'line'; key: string; item: Exclude<Item, { item: 'message' }> };

const TOGETHER_MS = 3 * 60_000;

export function blocks(items: Item[], newFrom: string | null): Block[] {
  const drawn: Block[] = [];
  let group: Group | null = null;
  let lastMs: number | null = null;
  for (const item of items) {
    const atMs = itemMs(item);
    const newDay = lastMs === null || daysBetween(lastMs, atMs) !== 0;
    if (newDay) drawn.push({ block: 'day', key: `day ${itemKey(item)}`, atMs });
    const isNew = newFrom !== null && itemKey(item) === newFrom;
    if (isNew) drawn.push({ block: 'new', key: 'new' });
    lastMs = atMs;
    if (item.item !== 'message') {
      drawn.push({ block: 'line', key: item.key, item });
      group = null;
    } else if (group && !newDay && !isNew && together(group, item.message)) {
      group.messages.push(item.message);
    } else {
      group = { block: 'group', key: `group ${item.message.key}`, messages: [item.message] };
      drawn.push(group);
    }
  }
  return drawn;
}

function together(group: Group, message: MessageView): boolean {
  const last = group.messages[group.messages.length - 1];
  return (
    last !== undefined &&
    last.author === message.author &&
    last.authorName === message.authorName &&
    last.standby === message.standby &&
    Math.abs(message.atMs - last.atMs) < TOGETHER_MS
  );
}

/** States a person should see on each message, not only under the last of a group. */
const TROUBLE = new Set(['refused', 'unknown', 'waiting', 'abandoned', 'aside', 'held']);

/** Whether the line of time and state stands under this message of a group. */
export function showsMeta(messages: MessageView[], at: number): boolean {
  const message = messages[at];
  if (!message) return false;
  if (at === messages.length - 1) return true;
  return message.state !== null && TROUBLE.has(message.state);
}

import { expect, test } from 'vitest';
import { row } from '../../test/people';
import type { ControlAct, OwnerView, ThreadRow } from '$lib/contract';
import { whyNot, type Wanted } from './why-not';

const held = (owner: OwnerView['owner'], appName: string | null = null): Partial<ThreadRow> => ({
  owner: { owner, appName, defaultAppName: null, untilMs: null, sinceMs: null },
});
const bot = held('other', 'Teabot');

test.each<[Wanted, Partial<ThreadRow>, ControlAct[], RegExp]>([
  ['take', { ...held('ours'), mine: true }, ['release'], /^This thread is yours already$/],
  ['take', { ...held('ours'), mine: false, assignee: 'Noor' }, [], /Noor.* works on it$/],
  ['take', { ...held('ours'), mine: false, assignee: null }, [], /nobody works on it yet$/],
  ['take', bot, ['request'], /^.?Teabot.? holds it; .* asked/],
  ['take', bot, [], /^.?Teabot.? holds it, and .* cannot be taken/],
  ['take', held('metaInbox'), [], /Page Inbox/],
  ['take', held('unmanaged'), [], /^Any connected app may answer here/],
  ['take', held('unknown'), [], /^Nobody knows yet/],
  ['release', bot, ['take'], /^.?Teabot.? holds it: .* only what it holds/],
  ['pass', held('idle'), [], /^Nobody holds this thread/],
  ['release', held('ours'), [], /cannot be given away/],
])('%s, where it has no effect, says why: %#', (wanted, over, acts, said) => {
  expect(whyNot(row({ thread: 1, name: 'Mara Lindt', ...over }), wanted, acts)).toMatch(said);
});

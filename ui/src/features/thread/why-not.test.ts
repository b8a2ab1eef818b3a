import { expect, test } from 'vitest';
import { row } from '../../test/people';
import type { ControlAct, OwnerView, ThreadRow } from '$lib/contract';
import { isBySetting, whyNot, type Wanted } from './why-not';

const held = (owner: OwnerView['owner'], appName: string | null = null): Partial<ThreadRow> => ({
  owner: {
    owner,
    appName,
    defaultAppName: null,
    firstName: null,
    routing: 'on',
    untilMs: null,
    sinceMs: null,
  },
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
  ['keep', held('ours'), ['release'], /no app can keep/],
  ['keep', bot, ['take'], /can keep only what it holds/],
  ['take', held('questionFlow', 'Automatic questions'), [], /cannot be taken/],
])('%s, where it has no effect, says why: %#', (wanted, over, acts, said) => {
  expect(whyNot(row({ thread: 1, name: 'Mara Lindt', ...over }), wanted, acts)).toMatch(said);
});

test.each<[Wanted, Partial<ThreadRow>, boolean]>([
  ['take', held('unmanaged'), true],
  ['take', bot, true],
  ['take', held('ours'), false],
  ['pass', bot, false],
  ['keep', held('ours'), false],
])('%s: whether Meta’s settings help: %#', (wanted, over, helps) => {
  expect(isBySetting(row({ thread: 1, name: 'Mara Lindt', ...over }), wanted)).toBe(helps);
});

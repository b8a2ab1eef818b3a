/** The pure parts of the thread: grouping, joining pages, the owner's sentence. */
import { describe, expect, test } from 'vitest';
import { DAY, MINUTE, NOW, idle, inbox, ours, row, teabot, unmanaged } from '../../test/people';
import { message, threadView } from '../../test/said';
import type { Item } from '$lib/contract';
import { blocks, showsMeta } from './blocks';
import { itemKey, merged, withOlder } from './merge';
import { lapses, offered, ownerLine } from './owner-line';

const shape = (items: Item[], newFrom: string | null = null) =>
  blocks(items, newFrom).map((block) =>
    block.block === 'group' ? block.messages.map(({ key }) => key).join('') : block.block,
  );

describe('grouping', () => {
  const said = (key: string, minutes: number, over = {}) =>
    message({ key, text: key, atMs: NOW + minutes * MINUTE, ...over });
  const ines = { author: 'me', authorName: 'Ines' } as const;

  test('one author within three minutes is one group', () => {
    expect(shape([said('a', 0), said('b', 2), said('c', 4), said('d', 8)])).toEqual([
      'day',
      'abc',
      'd',
    ]);
  });

  test('another author, or another of our agents, begins a group', () => {
    const jonas = { author: 'colleague', authorName: 'Jonas' };
    const mila = { author: 'colleague', authorName: 'Mila' };
    expect(
      shape([said('a', 0), said('b', 0, ines), said('c', 0, jonas), said('d', 0, mila)]),
    ).toEqual(['day', 'a', 'b', 'c', 'd']);
  });

  test('a handover between them ends a group', () => {
    const handover: Item = {
      item: 'handover',
      key: 'h',
      atMs: NOW,
      line: 'Passed',
      note: null,
      owner: 'ours',
    };
    expect(shape([said('a', 0), handover, said('b', 0)])).toEqual(['day', 'a', 'line', 'b']);
  });

  test('the new line stands before the first unread, even inside a group', () => {
    expect(shape([said('a', 0), said('b', 1)], 'b')).toEqual(['day', 'a', 'new', 'b']);
  });

  test('each day has its line', () => {
    expect(shape([said('a', -3 * 1440), said('b', 0)])).toEqual(['day', 'a', 'day', 'b']);
  });

  test('time and state stand under the last of a group, trouble under each', () => {
    const messages = [
      said('a', 0, { ...ines, state: 'seen' }),
      said('b', 0, { ...ines, state: 'refused' }),
      said('c', 0, { ...ines, state: 'sent' }),
    ].flatMap((item) => (item.item === 'message' ? [item.message] : []));
    expect(messages.map((_, at) => showsMeta(messages, at))).toEqual([false, true, true]);
  });
});

describe('joining what was read', () => {
  const mara = row({ thread: 1, name: 'Mara Lindt' });
  const of = (keys: string, older: string | null) => ({
    ...threadView(mara, 1),
    items: [...keys].map((key) => message({ key })),
    older,
  });
  const keys = (view: { items: Item[] }) => view.items.map(itemKey).join('');

  test('older items that meet the fresh page stay, with their own end', () => {
    const joined = merged(of('defg', 'before-d'), of('abcdef', 'before-a'));
    expect([keys(joined), joined.older]).toEqual(['abcdefg', 'before-a']);
  });

  test('with a gap between them the older ones go', () => {
    const joined = merged(of('xyz', 'before-x'), of('abc', 'before-a'));
    expect([keys(joined), joined.older]).toEqual(['xyz', 'before-x']);
  });

  test('when the fresh page is all there is, it is all that is shown', () => {
    expect(keys(merged(of('bc', null), of('abc', null)))).toBe('bc');
  });

  test('an older page that overlaps adds nothing twice', () => {
    const joined = withOlder(
      of('cd', 'before-c'),
      [...'abc'].map((key) => message({ key })),
      null,
    );
    expect([keys(joined), joined.older]).toEqual(['abcd', null]);
  });
});

test.each([
  ['us, until tomorrow', ours, /^Baton holds this thread until tomorrow /],
  ['us, without an end', { ...ours, untilMs: null }, /^Baton holds this thread$/],
  ['us, for days', { ...ours, untilMs: NOW + 3 * DAY }, /until Mon/],
  [
    'us, near the end',
    { ...ours, untilMs: NOW + 40 * MINUTE },
    /loses this thread in 40 min, .*Teabot/,
  ],
  [
    'us, near the end of what nobody gets next',
    { ...ours, untilMs: NOW + 40 * MINUTE, firstName: null },
    /in 40 min, unless the customer writes$/,
  ],
  ['us, who were given it', { ...ours, routing: 'off' as const }, /^Baton was given this thread/],
  ['a bot, until', { ...teabot, untilMs: NOW + 3 * DAY }, /^Teabot is answering here, until Mon/],
  [
    'a bot that was given it',
    { ...teabot, routing: 'off' as const },
    /^Teabot was given this thread: only it may answer$/,
  ],
  [
    'nobody, under the old protocol',
    { ...idle, routing: 'hopV2' as const, firstName: 'Baton' },
    /^Nobody holds this thread; Baton is first to answer/,
  ],
  [
    'an ad’s questions',
    { ...teabot, owner: 'questionFlow' as const },
    /^Automatic questions of an ad/,
  ],
  ['a bot', teabot, /^Teabot is answering here$/],
  ['nobody', idle, /^Nobody holds this thread; Teabot answers when the customer writes$/],
  ['nobody, no default app', { ...idle, firstName: null }, /^Nobody holds this thread$/],
  ['Meta’s inbox', inbox, /^Page Inbox holds this thread/],
  ['Instagram’s', { ...inbox, appName: 'Instagram inbox' }, /^Instagram inbox holds this thread/],
  ['no routing', unmanaged, /^Any connected app may answer here$/],
  ['not known', { ...ours, owner: 'unknown' as const }, /^Nobody knows yet who holds this thread$/],
])('the strip says who holds the thread: %s', (_, owner, sentence) => {
  const { who, rest } = ownerLine(owner, NOW);
  expect(`${who} ${rest}`).toMatch(sentence);
});

test.each([
  ['a day before it lapses', DAY, ['release']],
  ['an hour before', 3_600_000, ['release', 'extend']],
  ['when nobody knows until when', null, ['release']],
])('keeping a thread longer, %s', (_, left, acts) => {
  const owner = { ...ours, untilMs: left === null ? null : NOW + left };
  expect(offered(['release', 'extend'], owner, NOW)).toEqual(acts);
});

test('what is chosen in a dialog is no button of its own', () => {
  expect(offered(['passToDefault', 'passToInbox', 'passToApp', 'release'], ours, NOW)).toEqual([
    'passToDefault',
    'release',
  ]);
});

test('while one writes, control is kept and nothing is to be feared', () => {
  const owner = { ...ours, untilMs: NOW + 40 * MINUTE };
  expect(ownerLine(owner, NOW, true).rest).toMatch(/keeps it while you write$/);
  expect([lapses(owner, NOW), lapses(ours, NOW)]).toEqual([true, false]);
});

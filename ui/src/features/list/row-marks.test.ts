import { expect, test } from 'vitest';
import { DAY, HOUR, NOW, idle, inbox, ours, row, teabot, unmanaged } from '../../test/people';
import { clockTime } from '$lib/format/time';
import {
  assigneeMark,
  leavingMark,
  ownerMark,
  preview,
  sleepMark,
  standing,
  tags,
  windowMark,
} from './row-marks';

test.each([
  ['us', ours, null],
  ['a bot', teabot, 'Teabot'],
  ['an app without a name', { ...teabot, appName: null }, 'Another app'],
  ['Meta’s inbox', inbox, 'Page Inbox'],
  ['Instagram’s inbox', { ...inbox, appName: 'Instagram inbox' }, 'Instagram inbox'],
  ['nobody', idle, 'not held'],
  ['no routing', unmanaged, null],
  ['an ad’s questions', { ...teabot, owner: 'questionFlow' as const }, 'questions'],
])('held by %s', (_, owner, text) => {
  expect(ownerMark(owner)?.text ?? null).toBe(text);
});

test('that we lose a thread soon is said to whoever works on it', () => {
  const soon = { ...ours, untilMs: NOW + HOUR / 2 };
  expect(ownerMark(soon, NOW)?.text).toBe('lapses in 30 min');
  expect([ownerMark(soon), ownerMark(ours, NOW)]).toEqual([null, null]);
});

test.each([
  ['plenty of time', 20 * HOUR, 6 * DAY, null],
  ['little time', 3 * HOUR, 6 * DAY, '3 h left'],
  ['only a late reply', -HOUR, 5.7 * DAY, 'late: 5 d left'],
  ['nothing', -8 * DAY, -DAY, 'too late'],
])('%s is left', (_, free, late, text) => {
  const one = row({ thread: 1, name: 'Mara', freeUntilMs: NOW + free, lateUntilMs: NOW + late });
  expect(windowMark(one, NOW)?.text ?? null).toBe(text);
});

test.each([
  ['too late', -1, idle, null],
  ['in time', DAY, idle, 'not held'],
  ['too late, and another app has it', -1, teabot, 'Teabot'],
])('who holds a thread %s', (_, lateUntil, owner, says) => {
  const until = { freeUntilMs: NOW - HOUR, lateUntilMs: NOW + lateUntil };
  const one = row({ thread: 1, name: 'Mara', owner, ...until });
  expect(tags(one, NOW).owner?.text ?? null).toBe(says);
});

test('where late replies are not allowed, the window is shut after it', () => {
  const one = row({ thread: 1, name: 'Mara', freeUntilMs: NOW - 1, lateUntilMs: null });
  expect(windowMark(one, NOW)?.text).toBe('too late');
});

test('a thread without a message of the customer says nothing of a window', () => {
  const one = row({ thread: 1, name: 'Mara', freeUntilMs: null, lateUntilMs: null });
  expect(windowMark(one, NOW)).toBeNull();
});

test.each([
  ['customer', null, null],
  ['me', 'Ines', 'You'],
  ['colleague', 'Jonas', 'Jonas'],
  ['app', 'Teabot', 'Teabot'],
  ['inbox', 'Instagram inbox', 'Instagram inbox'],
] as const)('a preview by %s (%s) is said by %s', (previewBy, previewName, who) => {
  const one = row({ thread: 1, name: 'Mara', previewBy, previewName });
  expect(preview(one).who).toBe(who);
});

test.each([
  ['held', 'Sending'],
  ['queued', 'Sending'],
  ['sending', 'Sending'],
  ['waiting', 'Waiting'],
  ['unknown', null],
  ['refused', null],
  [null, null],
] as const)('a reply of this desk is what the row says, while it is %s too', (outgoing, mark) => {
  const one = row({ thread: 1, name: 'Mara', outgoing, leaving: 'Yes, three left.' });
  expect(preview(one)).toEqual({ who: 'You', text: 'Yes, three left.' });
  expect(leavingMark(one)).toBe(mark);
  expect(leavingMark({ ...one, leaving: null })).toBeNull();
});

test.each(['refused', 'unknown', 'waiting'] as const)(
  'a reply that is on its way is said to be, where one before it is %s',
  (outgoing) => {
    const before = row({ thread: 1, name: 'Mara', outgoing, leaving: 'Yes, three left.' });
    for (const leavingIs of ['held', 'queued', 'sending'] as const) {
      const one = { ...before, leavingIs };
      expect(leavingMark(one)).toBe('Sending');
      expect(standing(one)).toBe(leavingIs);
    }
    // Once Meta has it, the one before it is what there is to look at.
    const sent = { ...before, leavingIs: null };
    expect(leavingMark(sent)).toBeNull();
    expect(standing(sent)).toBe(outgoing);
  },
);

test.each([
  ['held', 'Waiting'],
  ['queued', 'Waiting'],
  ['sending', 'Sending'],
  ['refused', null],
] as const)('while the relay is away, what is %s is said to be: %s', (outgoing, mark) => {
  const one = row({ thread: 1, name: 'Mara', outgoing, leaving: 'Yes, three left.' });
  expect(leavingMark(one, true)).toBe(mark);
});

test.each([
  ['labelSet', 'system', 'VIP', /^Label set in Meta’s inbox: .?VIP/],
  ['labelRemoved', 'system', 'VIP', /^Label removed in Meta’s inbox: .?VIP/],
  ['text', 'system', '', /^Nothing said yet$/],
  ['text', 'customer', '', /^A message without words$/],
] as const)('a row of %s by %s is not empty', (previewWhat, previewBy, text, says) => {
  const one = row({ thread: 1, name: 'Mara', previewWhat, previewBy, preview: text });
  expect(preview(one).text).toMatch(says);
});

test('until when it sleeps', () => {
  const untilMs = NOW + HOUR;
  const asleep = row({ thread: 1, name: 'Mara', status: { status: 'snoozed', untilMs } });
  expect(sleepMark(asleep, NOW)?.text).toBe(`until ${clockTime(untilMs)}`);
  expect(sleepMark(row({ thread: 1, name: 'Mara' }), NOW)).toBeNull();
});

test.each([
  ['all', true, 'Ines', 'You'],
  ['all', false, 'Jonas Falk', 'Jonas Falk'],
  ['all', false, null, 'Nobody'],
  ['done', true, 'Ines', 'You'],
  ['endingSoon', false, null, 'Nobody'],
  ['mine', true, 'Ines', null],
  ['mine', false, 'Jonas Falk', 'Jonas Falk'],
  ['unassigned', false, null, null],
  ['unassigned', true, 'Ines', 'You'],
] as const)(
  'in %s a row of mine: %s, of %s says who works on it: %s',
  (view, mine, assignee, says) => {
    expect(assigneeMark({ mine, assignee }, view)?.text ?? null).toBe(says);
  },
);

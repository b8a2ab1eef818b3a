import { expect, test } from 'vitest';
import { triggerAt } from './trigger';

test.each([
  [':smi', 0, 'smi'],
  ['Hello :smi', 6, 'smi'],
  ['(:ok', 1, 'ok'],
  ['well\n:+1', 5, '+1'],
  ['😀:smi', 2, 'smi'],
])('%j offers emoji', (text, from, typed) => {
  expect(triggerAt(text, text.length)).toEqual({ what: 'emoji', from, to: text.length, typed });
});

test.each([':', ':s', 'at 10:30', 'https://ab', 'note:abc', '::ab', ': smile', ':)', 'Dear :smi '])(
  '%j offers nothing',
  (text) => {
    expect(triggerAt(text, text.length)).toBeNull();
  },
);

test('only what stands before the caret counts', () => {
  expect(triggerAt(':smile and more', 4)?.typed).toBe('smi');
  expect(triggerAt(':smile and more', 9)).toBeNull();
});

test('a slash offers canned replies only where the whole text begins with it', () => {
  expect(triggerAt('/', 1)).toEqual({ what: 'canned', from: 0, to: 1, typed: '' });
  expect(triggerAt('/opening ho', 11)?.typed).toBe('opening ho');
  for (const text of ['yes/no', ' /hours', '/hours\nmore', `/${'a'.repeat(41)}`])
    expect(triggerAt(text, text.length)?.what, text).not.toBe('canned');
  expect(triggerAt('/hours', 3)).toBeNull();
});

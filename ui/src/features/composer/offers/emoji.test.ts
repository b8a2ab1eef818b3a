import { expect, test } from 'vitest';
import { emoji, emojiFor, everyEmoji, used } from './emoji';

test('every line of the table is an emoji with a name, and none stands there twice', () => {
  for (const { sign, name, words } of emoji) {
    expect(sign).toMatch(/^\p{Emoji}/u);
    expect(name).not.toBe('');
    expect(words.join('')).not.toBe('');
  }
  expect(new Set(emoji.map(({ sign }) => sign)).size).toBe(emoji.length);
  expect(new Set(emoji.map(({ name }) => name)).size).toBe(emoji.length);
});

test('every other emoji is one too, and stands there once, under a name of its own', () => {
  expect(everyEmoji.length).toBeGreaterThan(1_200);
  for (const { sign, name } of everyEmoji) {
    expect(sign).toMatch(/^\p{Emoji}/u);
    expect(name).not.toBe('');
  }
  const bare = everyEmoji.map(({ sign }) => sign.replace('\ufe0f', ''));
  expect(new Set(bare).size).toBe(everyEmoji.length);
  expect(new Set(everyEmoji.map(({ name }) => name)).size).toBe(everyEmoji.length);
});

const signs = (typed: string, recent: string[] = []) =>
  emojiFor(typed, recent).map(({ sign }) => sign);

test.each([
  ['smi', '😊'],
  ['SMILE', '😊'],
  ['+1', '👍'],
  ['thumbs_up', '👍'],
  ['parcel', '📦'],
  ['thank', '🙏'],
  ['kite', '🪁'],
  ['umbrella', '☂️'],
])(':%s finds %s', (typed, sign) => {
  expect(signs(typed)).toContain(sign);
});

test('the name fits better than other words, and no more than eight are offered', () => {
  expect(signs('smile')[0]).toBe('😊');
  expect(signs('he').length).toBe(8);
  expect(signs('xyzzy')).toEqual([]);
});

test('of what fits, that used lately comes first', () => {
  expect(signs('smile', ['😎', '📦']).slice(0, 2)).toEqual(['😎', '😊']);
});

test('those used lately are each there once, the latest first, and not without end', () => {
  expect(used('😎', ['📦', '😎'])).toEqual(['😎', '📦']);
  const many = emoji.slice(0, 40).map(({ sign }) => sign);
  expect(used('📦', many)).toHaveLength(16);
});

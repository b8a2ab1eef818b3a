/** Whom a private note means, and where in its words. */
import { describe, expect, test } from 'vitest';
import { members } from '../../test/people';
import { findPeople, mentioned, pieces, unnamed } from './mentions';

const names = (typed: string, supervisorsOnly = false) =>
  findPeople(members, typed, supervisorsOnly).map(({ name }) => name);

describe('who is offered', () => {
  test('every colleague at first, and not whoever writes', () => {
    expect(names('')).toEqual(['Ada Okoro', 'Jonas Falk', 'Petra Vogel']);
  });

  test.each([
    ['jo', ['Jonas Falk']],
    ['FALK', ['Jonas Falk']],
    ['jonas f', ['Jonas Falk']],
    ['a', ['Ada Okoro']],
    ['kremer', []],
    ['onas', []],
  ])('%j finds %j', (typed, found) => {
    expect(names(typed)).toEqual(found);
  });

  test('a note for supervisors offers nobody who would not be shown it', () => {
    expect(names('', true)).toEqual(['Jonas Falk', 'Petra Vogel']);
  });
});

describe('who is mentioned', () => {
  test.each([
    ['@Jonas Falk look please', ['a-jonas']],
    ['look, @jonas falk.', ['a-jonas']],
    ['(@Jonas Falk)', ['a-jonas']],
    ['@Jonas Falk and @Petra Vogel', ['a-jonas', 'a-petra']],
    ['@Jonas Falke', []],
    ['Jonas Falk', []],
    ['@Jonas', []],
    // Nobody tells themselves.
    ['@Ines Kremer', []],
  ])('%j: %j', (text, ids) => {
    expect(mentioned(text, members)).toEqual(ids);
  });

  test('the longer of two names counts, and of two of one name both', () => {
    const person = (agent: string, name: string) => ({ ...members[0]!, agent, name });
    const team = [person('a', 'Ada'), person('b', 'Ada Okoro'), person('c', 'Ada')];
    expect(mentioned('@Ada Okoro', team)).toEqual(['b']);
    expect(mentioned('@Ada, look', team)).toEqual(['a', 'c']);
  });
});

test('a note is cut where it names somebody, and is whole together', () => {
  const people = [
    { name: 'Ines', me: true },
    { name: 'Jonas', me: false },
  ];
  const text = '@Jonas: the second box 📦 left too. @Ines?';
  const found = pieces(text, people);
  expect(found.map((one) => [one.text, one.of?.name])).toEqual([
    ['@Jonas', 'Jonas'],
    [': the second box 📦 left too. ', undefined],
    ['@Ines', 'Ines'],
    ['?', undefined],
  ]);
  expect(found.map((one) => one.text).join('')).toBe(text);
});

test('who is called otherwise since is named beside the words', () => {
  const people = [
    { name: 'Ines', me: true },
    { name: 'Jonas Falk-Weber', me: false },
  ];
  expect(unnamed('@Jonas Falk and @Ines look', people)).toEqual([people[1]]);
});

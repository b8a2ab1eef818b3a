import { expect, test } from 'vitest';
import { kite, northwind, row, session } from '../../test/people';
import { nameFrom } from './name-from';

const nobody = row({ thread: 1, name: '7514011', nameFrom: 'nobody' });
const accounts = (namesGiven: boolean | null) =>
  session({ accounts: [{ ...northwind, namesGiven }, kite] });

test.each([
  [false, 'Name not approved by Meta yet.'],
  [true, 'Meta does not give this name.'],
  [null, 'Not known yet.'],
])('a customer without a name says whose doing that is: %s', (given, words) => {
  expect(nameFrom(nobody, accounts(given))).toBe(words);
});

test('a name that there is says where it comes from, whatever Meta gives', () => {
  const named = row({ thread: 1, name: 'Mara Lindt', nameFrom: 'hand' });
  expect(nameFrom(named, accounts(false))).toBe('Written by the team.');
});

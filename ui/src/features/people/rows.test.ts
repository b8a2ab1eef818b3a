import { describe, expect, test } from 'vitest';
import { colleague, DAY, deskOf, HOUR, kite, northwind, NOW, peopleView } from '../../test/people';
import { called, isUnsettled, roleLine, seenLine } from './rows';

const { accounts } = peopleView();
const [first] = accounts;
const third = { ...accounts[1]!, id: '103', name: 'Third' };

describe('the roles in one line', () => {
  test('leave the account out where there is only one', () => {
    expect(roleLine([{ account: northwind.id, role: 'admin' }], [first!])).toBe('Administrator');
  });

  test('begin with the strongest', () => {
    const roles = [
      { account: kite.id, role: 'admin' as const },
      { account: northwind.id, role: 'agent' as const },
    ];
    expect(roleLine(roles, accounts)).toBe('Administrator on Kite & Co, Agent on Northwind Tea');
  });

  test('count the accounts where there are more of one kind', () => {
    const roles = [...accounts, third].map(({ id }) => ({ account: id, role: 'agent' as const }));
    expect(roleLine(roles, [...accounts, third])).toBe('Agent on 3 accounts');
  });

  test('say so where there is none', () => {
    expect(roleLine([], accounts)).toBe('No role');
  });
});

describe('when somebody was seen', () => {
  const seen = (...desks: Parameters<typeof deskOf>[0][]) =>
    seenLine(colleague({ id: 'a', name: 'Ada', desks: desks.map(deskOf) }), NOW);

  test.each<[string, string, Parameters<typeof deskOf>[0][]]>([
    ['nobody who has no desk', '', []],
    [
      'one is connected',
      'now',
      [
        { id: '1', name: 'a' },
        { id: '2', name: 'b', connected: true },
      ],
    ],
    [
      'the latest counts',
      '1 h',
      [
        { id: '1', name: 'a', seenMs: NOW - 3 * DAY },
        { id: '2', name: 'b', seenMs: NOW - HOUR },
      ],
    ],
    ['not noted yet', 'never', [{ id: '1', name: 'a', seenMs: null }]],
    [
      'one that was cut off does not count',
      '',
      [{ id: '1', name: 'a', state: 'cutOff', connected: true }],
    ],
  ])('%s', (_, line, desks) => {
    expect(seen(...desks)).toBe(line);
  });
});

test.each([
  [{}, false],
  [{ state: 'cutOff' as const }, true],
  [{ state: 'wiped' as const }, false],
  [{ stillHolds: ['Northwind Tea'] }, true],
  [{ erasures: 1 }, true],
  // What a desk that is wiped owed has gone with the rest.
  [{ state: 'wiped' as const, erasures: 1 }, false],
])('%o is unsettled: %s', (over, unsettled) => {
  expect(isUnsettled(deskOf({ id: 'd', name: 'd', ...over }))).toBe(unsettled);
});

test('people are found by a piece of their name, however it is written', () => {
  const people = ['Ada Okoro', 'İnes', 'ines kremer'].map((name) => colleague({ id: name, name }));
  expect(called(people, ' KREM ').map(({ name }) => name)).toEqual(['ines kremer']);
  expect(called(people, '')).toHaveLength(3);
});

/** Somebody falls out: a supervisor sets them offline and returns their threads, and their own window says so. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { words } from '$lib/words';
import { FakeHost, refuse } from '../../test/fake-host';
import { person, team } from '../../test/people';
import { all, find, openWindow, part, press, said, waitFor } from '../../test/window';

const w = words.returning;
let host: FakeHost;
beforeEach(() => (host = new FakeHost()));

async function asks() {
  host.isThere({
    people: team().people.map((one) => ({ ...one, mayReturn: one.agent === 'a-jonas' })),
  });
  await openWindow(host);
  await press('me');
  await press('return-threads-of', '[data-agent="a-jonas"]');
  return part('return-threads');
}

describe('a supervisor', () => {
  test('sees how many threads go where before anything is done', async () => {
    await asks();
    expect(find('own-state')).toBeNull();
    expect(await said('returning-says')).toBe(w.threads(2));
    expect(await said('returning-accounts')).toContain('Northwind Tea');
    expect(host.asked('returning')).toEqual([{ agent: 'a-jonas' }]);
    expect(host.asked('returnThreads')).toEqual([]);
    await press('returning-cancel');
    await waitFor(() => expect(find('return-threads')).toBeNull());
    expect(host.asked('returnThreads')).toEqual([]);
  });

  test('does it with one press, and gives the threads back to the same agent', async () => {
    await asks();
    await said('returning-says');
    await press('returning-go');
    await waitFor(() => expect(host.asked('returnThreads')).toEqual([{ agent: 'a-jonas' }]));
    expect(await said('toast')).toContain(w.did('Jonas Falk', 2));
    await fireEvent.click(await part('toast', ' .act'));
    await waitFor(() => expect(host.asked('undoMany')).toHaveLength(1));
    expect(host.asked('undoMany')[0]?.threads.map(({ before }) => before)).toEqual([
      { was: 'assignee', assignee: 'a-jonas', version: 42 },
      { was: 'assignee', assignee: 'a-jonas', version: 43 },
    ]);
  });

  test('is told of an account whose threads were not all returned, and keeps the way back', async () => {
    const whole = { what: 'The relay cannot be reached.', action: '' };
    host.answers.returnThreads = () => ({
      name: 'Jonas Falk',
      threads: [{ thread: 2, before: { was: 'assignee', assignee: 'a-jonas', version: 42 } }],
      failed: ['Kite & Co'],
      words: whole,
    });
    await asks();
    await said('returning-says');
    await press('returning-go');
    expect(await said('toast')).toContain(w.failed(['Kite & Co'], whole.what));
    expect(find('toast', ' .act')).not.toBeNull();
  });

  test('is not asked to set somebody offline who is, and has nothing', async () => {
    host.answers.returning = () => ({
      agent: 'a-jonas',
      name: 'Jonas Falk',
      threads: 0,
      accounts: [],
      setsOffline: true,
    });
    host.isThere({
      people: team().people.map((one) =>
        one.agent === 'a-jonas' ? { ...one, mayReturn: true, state: 'offline' as const } : one,
      ),
    });
    await openWindow(host);
    await press('me');
    await press('return-threads-of', '[data-agent="a-jonas"]');
    expect(await said('returning-says')).toBe(w.isOff('Jonas Falk'));
    expect(find('returning-go')).toBeNull();
    await press('returning-cancel');
    await waitFor(() => expect(find('return-threads')).toBeNull());
  });

  test('of somebody who is offline already only the threads are returned', async () => {
    host.isThere({
      people: team().people.map((one) =>
        one.agent === 'a-jonas' ? { ...one, mayReturn: true, state: 'offline' as const } : one,
      ),
    });
    await openWindow(host);
    await press('me');
    const act = await part('return-threads-of', '[data-agent="a-jonas"]');
    expect(act.title).toBe(w.hintOnly('Jonas Falk'));
    await press('return-threads-of', '[data-agent="a-jonas"]');
    expect(await said('returning-says')).toBe(w.threads(2));
    expect(find('return-threads')!.textContent).toContain(w.titleOnly('Jonas Falk'));
    expect(find('return-threads')!.textContent).not.toContain(w.offline('Jonas Falk'));
    expect(await said('returning-go')).toBe(w.goOnly(2));
    await press('returning-go');
    expect(await said('toast')).toContain(w.didOnly('Jonas Falk', 2));
  });

  test('is told that somebody was set offline, however soon that is seen', async () => {
    await asks();
    await said('returning-says');
    const returnThreads = host.answers.returnThreads;
    host.answers.returnThreads = async (asked) => {
      const before = host.asked('presence').length;
      host.isThere({
        people: team().people.map((one) =>
          one.agent === 'a-jonas' ? { ...one, state: 'offline' as const } : one,
        ),
      });
      await waitFor(() => expect(host.asked('presence').length).toBeGreaterThan(before));
      return returnThreads(asked);
    };
    await press('returning-go');
    expect(await said('toast')).toContain(w.did('Jonas Falk', 2));
  });

  test('keeps the dialog when nothing was done', async () => {
    host.answers.returnThreads = () => {
      throw refuse('relayUnreachable', 'The relay cannot be reached.');
    };
    await asks();
    await said('returning-says');
    await press('returning-go');
    await waitFor(() => expect(host.asked('returnThreads')).toHaveLength(1));
    expect(find('return-threads')).not.toBeNull();
  });

  test('reaches it from the list of people too', async () => {
    const people = host.people.people.map((one) => ({ ...one, mayReturn: !one.me }));
    host.people = { ...host.people, people };
    await openWindow(host);
    await press('settings');
    await press('tab-people');
    await part('person');
    const off = all('return-threads-of').find((one) => one.dataset['agent'] === 'a-jonas');
    expect(off?.textContent).toContain(w.act);
    host.isThere({
      people: team().people.map((one) =>
        one.agent === 'a-jonas' ? { ...one, state: 'offline' as const } : one,
      ),
    });
    await waitFor(() => expect(off?.textContent).toContain(w.actOnly));
    const others = people.filter(({ me }) => !me);
    expect(all('return-threads-of')).toHaveLength(others.length);
    await press('return-threads-of', `[data-agent="${others[0]!.id}"]`);
    await part('return-threads');
  });
});

test('an agent is not offered it', async () => {
  await openWindow(host);
  await press('me');
  await part('team-there');
  expect(find('return-threads-of')).toBeNull();
});

test('a window whose agent was set offline says who did it, and offers the way back', async () => {
  host.isThere({ mine: 'offline', chosen: 'offline', setOfflineBy: 'Ada Okoro' });
  await openWindow(host);
  expect(await said('set-offline')).toContain(words.presence.setOffline('Ada Okoro', 0));
  await press('go-online');
  await waitFor(() =>
    expect(host.asked('setPresence')).toEqual([{ state: 'online', goesAway: null }]),
  );
  await waitFor(() => expect(find('set-offline')).toBeNull());
});

test('and how many threads went back to the queue, as they go', async () => {
  host.isThere({ mine: 'offline', chosen: 'offline', setOfflineBy: 'Ada Okoro' });
  await openWindow(host);
  expect(await said('set-offline')).not.toContain('queue');
  host.presence = { ...host.presence, threadsLeft: 2 };
  host.tell({ notice: 'threads', threads: [3], storeVersion: host.storeVersion });
  await waitFor(async () =>
    expect(await said('set-offline')).toContain(words.presence.setOffline('Ada Okoro', 2)),
  );
});

test('with many colleagues whose names are long each can be reached', async () => {
  const long = 'Maximiliane von und zu Hohenlohe-Schillingsfürst-Waldenburg';
  const people = Array.from({ length: 25 }, (_, n) =>
    person({ agent: `a-${n}`, name: `${long} ${n}`, mayReturn: true }),
  );
  host.isThere({ people });
  await openWindow(host);
  await press('me');
  await part('team-there');
  expect(all('return-threads-of')).toHaveLength(25);
  await press('return-threads-of', '[data-agent="a-24"]');
  await part('return-threads');
});

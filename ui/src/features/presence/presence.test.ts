/** Who is there: one's own state, colleagues on rows, in the head and beside the reply, and what the host is told. */
import { fireEvent, render } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import PresenceDot from '$lib/components/PresenceDot.svelte';
import type { PresenceState } from '$lib/contract';
import { words } from '$lib/words';
import { FakeHost, refuse } from '../../test/fake-host';
import { person, team } from '../../test/people';
import {
  all,
  find,
  key,
  openThread,
  openWindow,
  part,
  press,
  said,
  waitFor,
  write,
} from '../../test/window';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => vi.restoreAllMocks());

const focused = (name: string) =>
  waitFor(() => expect((document.activeElement as HTMLElement).dataset['test']).toBe(name));

function isSeen(seen: boolean) {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(seen ? 'visible' : 'hidden');
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('one’s own state', () => {
  test('stands at the foot of the rail, in words, and is chosen from a menu that says what each means', async () => {
    await openWindow(host);
    const me = await part('me', '[data-state="online"]');
    expect(me.getAttribute('aria-label')).toContain('You are: online');
    await press('me');
    const panel = await part('own-state');
    for (const state of ['online', 'away', 'transfersOnly', 'offline'] as const) {
      expect(panel.textContent).toContain(words.presence.states[state]);
      expect(panel.textContent).toContain(words.presence.means[state]);
    }
    await focused('choose-online');
    await press('choose-transfersOnly');
    await part('me', '[data-state="transfersOnly"]');
    expect(find('own-state')).toBeNull();
    expect(host.asked('setPresence')).toEqual([{ state: 'transfersOnly', goesAway: null }]);
  });

  test('by keys alone, and letters do nothing to a thread meanwhile', async () => {
    await openWindow(host);
    await part('thread-row');
    const before = document.activeElement;
    await key(document.activeElement ?? document.body, 'p', { altKey: true });
    await focused('choose-online');
    await key(document.activeElement!, 'ArrowDown');
    await focused('choose-away');
    await key(document.activeElement!, 'ArrowUp');
    await key(document.activeElement!, 'ArrowUp');
    await focused('choose-offline');
    await key(document.activeElement!, 'Home');
    await focused('choose-online');
    await key(document.activeElement!, 'e');
    expect(host.asked('setStatus')).toEqual([]);
    await key(document.activeElement!, 'Escape');
    await waitFor(() => expect(find('own-state')).toBeNull());
    expect(document.activeElement).toBe(before);
    expect(host.asked('setPresence')).toEqual([]);
  });

  test('arrows go on to the colleagues whose threads can be returned', async () => {
    host.presence = {
      ...host.presence,
      people: [
        ...host.presence.people.filter(({ me }) => me),
        person({ agent: 'a-ada', name: 'Ada Okoro', mayReturn: false }),
        person({ agent: 'a-jonas', name: 'Jonas Falk', mayReturn: true }),
      ],
    };
    await openWindow(host);
    await part('thread-row');
    await key(document.activeElement ?? document.body, 'p', { altKey: true });
    await focused('choose-online');
    await key(document.activeElement!, 'End');
    await focused('return-threads-of');
    await key(document.activeElement!, 'ArrowDown');
    await focused('choose-online');
    await key(document.activeElement!, 'ArrowUp');
    await focused('return-threads-of');
    await press('return-threads-of');
    await part('return-threads');
    expect(host.asked('returning').at(-1)).toEqual({ agent: 'a-jonas' });
  });

  test('a press elsewhere closes the menu', async () => {
    await openWindow(host);
    await press('me');
    await part('own-state');
    await fireEvent.pointerDown(await part('status-line'));
    await waitFor(() => expect(find('own-state')).toBeNull());
  });

  test('who went away by themselves is told why, and who else is there', async () => {
    host.presence = team({ mine: 'away' });
    await openWindow(host);
    await part('me', '[data-state="away"]');
    await press('me');
    await part('went-away');
    expect(await said('team-there')).toBe('Ada Okoro Online Jonas Falk Away');
    expect((await part('choose-online')).getAttribute('aria-checked')).toBe('true');
  });

  test('while the relay does not tell, nobody is called offline', async () => {
    const people = team().people.map((one) => ({ ...one, state: 'unknown' as const }));
    host.presence = team({ known: false, people });
    await openWindow(host);
    await press('me');
    expect(await said('presence-unknown')).toBe(words.presence.unknown);
    expect(find('team-there')).toBeNull();
  });

  test('what cannot be chosen is told', async () => {
    host.answers.setPresence = () => {
      throw refuse('storage', 'The disk is full.');
    };
    await openWindow(host);
    await press('me');
    await press('choose-away');
    expect(await said('toast')).toContain('The disk is full.');
  });

  test('going away by oneself can be switched off', async () => {
    await openWindow(host);
    await press('settings');
    const box = (await part('goes-away')) as HTMLInputElement;
    expect(box.checked).toBe(true);
    await fireEvent.click(box);
    await waitFor(() =>
      expect(host.asked('setPresence')).toEqual([{ state: null, goesAway: false }]),
    );
    await waitFor(() =>
      expect(((find('goes-away') as HTMLInputElement) ?? box).checked).toBe(false),
    );
  });
});

describe('colleagues', () => {
  test('a row shows who looks at it, and who types there', async () => {
    await openWindow(host);
    await part('thread-row');
    expect(find('row-faces')).toBeNull();
    host.looks('Ada Okoro', [3, 'reads'], [5, 'writesReply']);
    const looks = await part('row-faces', '[aria-label="Ada Okoro is looking at this"]');
    expect(looks.closest('[data-thread]')?.getAttribute('data-thread')).toBe('3');
    expect(looks.getAttribute('title')).toBe('Ada Okoro is looking at this');
    const types = await part('row-faces', '[aria-label="Ada Okoro is typing a reply here"]');
    expect(types.closest('[data-thread]')?.getAttribute('data-thread')).toBe('5');
    host.looks('Ada Okoro');
    await waitFor(() => expect(all('row-faces')).toEqual([]));
  });

  test('one’s own other desk is nobody to look out for', async () => {
    await openWindow(host);
    await openThread(3);
    host.looks('Ines Kremer', [3, 'writesReply']);
    host.looks('Ada Okoro', [5, 'reads']);
    await part('row-faces');
    expect(all('row-faces')).toHaveLength(1);
    expect(await said('here')).toBe('');
  });

  test('the head says politely who is here and who types', async () => {
    await openWindow(host);
    await openThread(3);
    const here = await part('here');
    expect(here.getAttribute('role')).toBe('status');
    expect(await said('here')).toBe('');
    host.looks('Ada Okoro', [3, 'reads']);
    await waitFor(async () => expect(await said('here')).toContain('Ada Okoro is here'));
    expect(find('here')).toBe(here);
    host.looks('Ada Okoro', [3, 'writesNote']);
    await waitFor(async () => expect(await said('here')).toContain('Ada Okoro is writing a note…'));
    expect(find('replies-too')).toBeNull();
    host.looks('Ada Okoro', [3, 'writesReply']);
    await waitFor(async () => expect(await said('here')).toContain('Ada Okoro is typing…'));
    expect(await said('replies-too')).toBe('Ada Okoro is typing a reply here too');
    host.looks('Ada Okoro');
    await waitFor(() => expect(find('replies-too')).toBeNull());
  });

  test('many are counted, and those who write are named first', async () => {
    const looksAt = (doing: 'reads' | 'writesReply') => {
      const { account, customer } = host.rows.find(({ thread }) => thread === 3)!;
      return [{ account, customer, doing }];
    };
    host.presence = team({
      people: ['Ada', 'Ben', 'Cleo', 'Dov'].map((name) =>
        person({ agent: name, name, looksAt: looksAt(name === 'Dov' ? 'writesReply' : 'reads') }),
      ),
    });
    await openWindow(host);
    await openThread(3);
    const says = 'Dov is typing…, Ada, Ben and 1 more are here';
    await waitFor(async () => expect(await said('here')).toContain(says));
    expect(await said('here-faces')).toBe('D A +2');
  });

  test('while nobody knows who is there, nobody is shown', async () => {
    await openWindow(host);
    await openThread(3);
    host.looks('Ada Okoro', [3, 'reads']);
    await part('row-faces');
    const people = team().people.map((one) => ({ ...one, state: 'unknown' as const }));
    host.isThere({ known: false, people });
    await waitFor(() => expect(find('row-faces')).toBeNull());
    expect(await said('here')).toBe('');
  });
});

describe('what the host is told', () => {
  const last = () => host.asked('shows').at(-1);

  test('the open thread, and none while the page cannot be seen', async () => {
    const desk = await openWindow(host);
    await waitFor(() => expect(last()).toEqual({ thread: null, doing: 'reads' }));
    await openThread(3);
    await waitFor(() => expect(last()).toEqual({ thread: 3, doing: 'reads' }));
    isSeen(false);
    await waitFor(() => expect(last()).toEqual({ thread: null, doing: 'reads' }));
    isSeen(true);
    await waitFor(() => expect(last()).toEqual({ thread: 3, doing: 'reads' }));
    desk.closeThread();
    await waitFor(() => expect(last()).toEqual({ thread: null, doing: 'reads' }));
  });

  test('that somebody types, once for a while, also where customers are not shown it', async () => {
    const desk = await openWindow(host);
    desk.settings.set('showTyping', false);
    await openThread(3);
    await write('composer-text', 'H');
    await waitFor(() => expect(last()).toEqual({ thread: 3, doing: 'writesReply' }));
    const times = host.asked('shows').length;
    await write('composer-text', 'He');
    await write('composer-text', 'Hel');
    expect(host.asked('shows')).toHaveLength(times);
    expect(host.asked('showTyping')).toEqual([]);
    const later = performance.now() + 3_001;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    await write('composer-text', 'Hell');
    expect(host.asked('shows')).toHaveLength(times + 1);
    await write('composer-text', '');
    await waitFor(() => expect(last()).toEqual({ thread: 3, doing: 'reads' }));
  });

  test('a reply that went out and a thread that was left end the typing', async () => {
    await openWindow(host);
    await openThread(3);
    await write('composer-text', 'It is on its way.');
    await press('send');
    await waitFor(() => expect(last()).toEqual({ thread: 3, doing: 'reads' }));
    await write('composer-text', 'And');
    await waitFor(() => expect(last()).toEqual({ thread: 3, doing: 'writesReply' }));
    await openThread(5);
    await waitFor(() => expect(last()).toEqual({ thread: 5, doing: 'reads' }));
  });

  test('a touch, at most every 30 seconds, and at once when the agent was away by themselves', async () => {
    const desk = await openWindow(host);
    await part('me', '[data-state="online"]');
    let now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const moves = () => fireEvent.pointerMove(document.body);
    const before = host.asked('touched').length;
    now += 31_000;
    await moves();
    expect(host.asked('touched')).toHaveLength(before + 1);
    now += 29_000;
    await moves();
    await key(document.body, 'Shift');
    expect(host.asked('touched')).toHaveLength(before + 1);
    host.isThere({ mine: 'away' });
    await part('me', '[data-state="away"]');
    await moves();
    expect(host.asked('touched')).toHaveLength(before + 2);
    // Whoever chose to be away is not asked about more often than others.
    host.isThere({ mine: 'away', chosen: 'away' });
    await waitFor(() => expect(desk.presence.wentAway).toBe(false));
    now += 2_000;
    await moves();
    expect(host.asked('touched')).toHaveLength(before + 2);
  });
});

test('each state has a shape and a word of its own', () => {
  const states: PresenceState[] = ['online', 'away', 'transfersOnly', 'offline', 'unknown'];
  const drawn = states.map((state) => {
    const { container, unmount } = render(PresenceDot, { state, named: true });
    const dot = container.querySelector('[data-test="presence-dot"]')!;
    expect(dot.getAttribute('aria-label')).toBe(words.presence.states[state]);
    // Classes that only colour do not count.
    const shape = dot
      .querySelector('svg')!
      .innerHTML.replace(/<!--.*?-->| class="svelte-\w+"/g, '');
    unmount();
    return shape;
  });
  expect(new Set(drawn).size).toBe(states.length);
});

/** What the agent is told of: in the window, by sounds, with do not disturb, and where it is chosen. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../test/fake-host';
import { alertsView } from '../test/said';
import { all, find, key, openThread, openWindow, part, press, said, waitFor } from '../test/window';
import { fireEvent } from '@testing-library/svelte';
import type { AlertSettings } from '$lib/contract';
import { words } from '$lib/words';
import type { Desk } from './desk.svelte';
import { nextMorning } from './next-morning';

let host: FakeHost;
let desk: Desk;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => vi.restoreAllMocks());

const open = async () => {
  desk = await openWindow(host);
  await part('thread-row');
};

const hasFocus = (has: boolean) => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(has);
  window.dispatchEvent(new Event(has ? 'focus' : 'blur'));
};
const looked = () => host.asked('lookAt').map(({ thread }) => thread);

describe('what somebody looks at', () => {
  test('is the open thread, while the window has the focus', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await open();
    await openThread(4);
    await waitFor(() => expect(looked().at(-1)).toBe(4));
    hasFocus(false);
    await waitFor(() => expect(looked().at(-1)).toBeNull());
    hasFocus(true);
    await waitFor(() => expect(looked().at(-1)).toBe(4));
    const before = looked().length;
    hasFocus(true);
    expect(looked().length).toBe(before);
    desk.closeThread();
    await waitFor(() => expect(looked().at(-1)).toBeNull());
  });

  test('is told again to a host that may be another one', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    await open();
    await openThread(4);
    await waitFor(() => expect(looked().at(-1)).toBe(4));
    const before = looked().length;
    host.tell({ notice: 'all' });
    await waitFor(() => expect(looked().slice(before)).toEqual([4]));
  });
});

describe('in the window', () => {
  test('what the desktop does not show is shown, and opens its thread', async () => {
    await open();
    const notice = { notice: 'alert', kind: 'message', title: 'Tomasz Wilk', thread: 4 } as const;
    host.tell({ ...notice, body: 'Where is my parcel?' });
    expect(await said('toast')).toContain('Tomasz Wilk Where is my parcel?');
    await fireEvent.click(find('toast')!.querySelector('.act')!);
    await part('thread');
    expect(desk.open?.thread).toBe(4);
    await waitFor(() => expect(find('toast')).toBeNull());
  });

  test('one for many opens the threads of mine', async () => {
    await open();
    desk.list.show('all');
    const notice = { notice: 'alert', kind: 'message', title: 'Baton', thread: null } as const;
    host.tell({ ...notice, body: '12 customers wrote' });
    await part('toast');
    await fireEvent.click(find('toast')!.querySelector('.act')!);
    expect(desk.list.view).toBe('mine');
  });

  test('what was clicked on the desktop is opened, and a dialog gives way to it', async () => {
    await open();
    await press('settings');
    await part('settings-dialog');
    host.tell({ notice: 'go', thread: 4 });
    await waitFor(() => expect(desk.open?.thread).toBe(4));
    await waitFor(() => expect(find('settings-dialog')).toBeNull());
    host.tell({ notice: 'go', thread: null });
    await waitFor(() => expect(desk.list.view).toBe('mine'));
  });

  test('a thread of mine that an app hands back is told quietly, with a way there', async () => {
    await open();
    const passed = { notice: 'passed', thread: 4, name: 'Tomasz Wilk', by: 'Teabot' } as const;
    host.tell({ ...passed, mine: false });
    host.tell({ ...passed, mine: true });
    expect(await said('toast')).toContain('Teabot handed Tomasz Wilk’s thread to you');
    expect(all('toast').length).toBe(1);
    await fireEvent.click(find('toast')!.querySelector('.act')!);
    expect(desk.open?.thread).toBe(4);
    await waitFor(() => expect(find('toast')).toBeNull());
  });

  test('one that is open is told whoever works on it, and offers no way to where one is', async () => {
    await open();
    await openThread(4);
    host.tell({ notice: 'passed', thread: 4, name: 'Tomasz Wilk', by: null, mine: false });
    expect(await said('toast')).toContain('Another app handed Tomasz Wilk’s thread to Baton');
    expect(find('toast')!.querySelector('.act')).toBeNull();
  });

  test('a sound is played as loud as the host says', async () => {
    await open();
    const play = vi.spyOn(desk.alerts.sounds, 'play').mockResolvedValue();
    host.tell({ notice: 'sound', kind: 'mention', volume: 35 });
    expect(play).toHaveBeenCalledWith('mention', 35);
  });
});

describe('do not disturb', () => {
  test('a press on the bell begins and ends it, and the foot says so meanwhile', async () => {
    await open();
    const bell = await part('toggle-quiet');
    expect(bell.getAttribute('aria-pressed')).toBe('false');
    await press('toggle-quiet');
    await waitFor(() => expect(bell.getAttribute('aria-pressed')).toBe('true'));
    expect(await said('status-quiet')).toContain('Do not disturb');
    expect(await said('toast')).toContain(words.alerts.quiet.begun);
    await press('toggle-quiet');
    await waitFor(() => expect(find('status-quiet')).toBeNull());
    expect(host.asked('setQuiet')).toEqual([
      { quiet: { quiet: 'on' } },
      { quiet: { quiet: 'off' } },
    ]);
  });

  test('it has a key, and another end can be chosen at once', async () => {
    await open();
    await key(document.body, 'd', { altKey: true });
    const toast = await part('toast');
    const hour = [...toast.querySelectorAll('button')].find((act) =>
      act.textContent?.includes(words.alerts.quiet.hour),
    );
    const now = Date.now();
    await fireEvent.click(hour!);
    await waitFor(() => expect(desk.alerts.quiet.quiet).toBe('until'));
    const quiet = desk.alerts.quiet;
    const left = quiet.quiet === 'until' ? quiet.untilMs - now : 0;
    expect(Math.round(left / 60_000)).toBe(60);
    expect(await said('status-quiet')).toMatch(/Do not disturb until (tomorrow )?\d/);
  });

  test('the foot ends it', async () => {
    host.alerts = alertsView({ quiet: { quiet: 'on' } });
    await open();
    await press('status-quiet');
    await press('end-quiet');
    await waitFor(() => expect(find('status-quiet')).toBeNull());
  });

  test('its end by itself is seen as soon as the host says so', async () => {
    host.alerts = alertsView({ quiet: { quiet: 'until', untilMs: Date.now() + 60_000 } });
    await open();
    await part('status-quiet');
    host.alerts = alertsView();
    host.tell({ notice: 'alerts' });
    await waitFor(() => expect(find('status-quiet')).toBeNull());
  });

  test.each([
    ['in the evening', '2026-11-20T18:30:00', '2026-11-21T08:00:00'],
    ['in the morning', '2026-11-20T07:00:00', '2026-11-21T08:00:00'],
    ['late at night', '2026-11-21T02:00:00', '2026-11-21T08:00:00'],
    ['before a longer night', '2026-10-24T18:00:00', '2026-10-25T08:00:00'],
  ])('the morning, %s', (_, now, morning) => {
    expect(nextMorning(new Date(now).getTime())).toBe(new Date(morning).getTime());
  });
});

describe('where it is chosen', () => {
  const settings = async () => {
    await open();
    await press('settings');
    await press('tab-alerts');
    await part('message-popup');
  };
  const chosen = (change: Partial<AlertSettings>) =>
    waitFor(() =>
      expect(host.asked('setAlerts').at(-1)).toEqual({ ...alertsView().settings, ...change }),
    );

  test('each kind by itself, notification and sound apart', async () => {
    await settings();
    await press('message-sound');
    await chosen({ message: { popup: true, sound: false } });
    await press('mention-popup');
    await waitFor(() =>
      expect(host.alerts.settings).toMatchObject({
        message: { popup: true, sound: false },
        mention: { popup: false, sound: true },
      }),
    );
  });

  test('of two choices in one breath both are kept, and what is tried goes by them', async () => {
    await settings();
    const asked: (() => void)[] = [];
    const later = (settings: AlertSettings) =>
      new Promise<typeof host.alerts>((resolve) =>
        asked.push(() => resolve((host.alerts = { ...host.alerts, settings }))),
      );
    host.answers.setAlerts = later;
    await press('hide-text');
    await press('message-sound');
    await press('try-alert');
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(host.asked('tryAlert')).toEqual([]);
    asked[0]!();
    await waitFor(() => expect(asked).toHaveLength(2));
    asked[1]!();
    await chosen({ hideText: true, message: { popup: true, sound: false } });
    await waitFor(() => expect(host.asked('tryAlert')).toHaveLength(1));
  });

  test('what is hidden, how loud, and when an end is told of', async () => {
    await settings();
    await press('hide-text');
    await chosen({ hideText: true });
    host.alerts = alertsView();
    await desk.alerts.query.read();
    await fireEvent.change(await part('volume'), { target: { value: '25' } });
    await chosen({ volume: 25 });
    host.alerts = alertsView();
    await desk.alerts.query.read();
    await fireEvent.change(await part('near-minutes'), { target: { value: '45' } });
    await chosen({ nearMinutes: 45 });
  });

  test.each(['', '-5', '2000', 'soon'])('"%s" minutes are not kept', async (typed) => {
    await settings();
    await fireEvent.change(await part('far-minutes'), { target: { value: typed } });
    await Promise.resolve();
    expect(host.asked('setAlerts')).toEqual([]);
  });

  test('a sound can be listened to', async () => {
    await settings();
    const play = vi.spyOn(desk.alerts.sounds, 'play').mockResolvedValue();
    for (const kind of ['message', 'assigned', 'mention', 'shutting'])
      await press(`listen-${kind}`);
    expect(play.mock.calls).toEqual([
      ['message', 60],
      ['assigned', 60],
      ['mention', 60],
      ['shutting', 60],
    ]);
  });

  test('a test notification says where it is shown', async () => {
    await settings();
    await press('try-alert');
    await waitFor(() => expect(find('tried')?.textContent).toBe(words.alerts.tried.desktop));
    expect(find('no-desktop-alerts')).toBeNull();
  });

  test('a desktop without notifications is said, and where they come instead', async () => {
    const why = 'No program on this desktop shows notifications.';
    const desktop = { shows: false, words: { what: why, action: 'Install one.' }, tray: false };
    host.alerts = alertsView({ desktop });
    await settings();
    expect(await said('no-desktop-alerts')).toContain(`${why} Install one.`);
    await press('try-alert');
    await waitFor(() => expect(find('tried')?.textContent).toBe(words.alerts.tried.window));
    expect(find('settings-dialog')?.textContent).toContain(words.alerts.noTray);
  });

  test('Baton can go on in the tray only where it is in the tray', async () => {
    await settings();
    await press('keep-in-tray');
    await chosen({ keepInTray: true });
    await press('tray');
    await waitFor(() => expect((find('keep-in-tray') as HTMLInputElement).disabled).toBe(true));
  });

  test('do not disturb until the morning', async () => {
    await settings();
    await press('quiet-morning');
    await waitFor(() => expect(desk.alerts.quiet.quiet).toBe('until'));
    expect(await said('quiet-words')).toContain('Do not disturb until');
    expect(all('quiet-off')).toHaveLength(1);
  });

  test('what cannot be read says so and can be tried again', async () => {
    host.answers.alerts = () => {
      throw refuse('storage', 'The file of this desk could not be read.');
    };
    await open();
    await press('settings');
    await press('tab-alerts');
    await waitFor(() =>
      expect(find('settings-dialog')?.textContent).toContain(words.alerts.failed),
    );
  });
});

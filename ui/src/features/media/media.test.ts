/** Pictures, sounds and videos in a thread: what is drawn, what a press and a key does, and what is said when it cannot. */
import { fireEvent, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AttachmentView, Item, MediaNow, MediaView } from '$lib/contract';
import { FakeHost, refuse } from '../../test/fake-host';
import { media, message, picture, threadView } from '../../test/said';
import { all, find, key, openThread, openWindow, part, press, said } from '../../test/window';
import { gallery } from './gallery';
import { lengthOf } from './lengths';
import { MOST_BYTES, stillOf } from './stills';
import { playTime, speeds } from './player.svelte';
import { fitted, runs, seen } from './shape';

vi.mock(import('./stills'), async (original) => ({
  ...(await original()),
  stillOf: vi.fn(() => Promise.resolve(null)),
}));

vi.mock(import('./lengths'), async (original) => ({
  ...(await original()),
  lengthOf: vi.fn(() => Promise.resolve(null)),
}));

// The test's document has one that never sees anything.
vi.stubGlobal('IntersectionObserver', undefined);

const hung = (one: MediaView): AttachmentView => ({ is: 'media', media: one });
const with_ = (name: string, ...attached: MediaView[]): Item =>
  message({ key: name, attachments: attached.map(hung) });

const sound = (id: string): MediaView =>
  media({ id, kind: 'audio', state: 'here', bytes: 17_790, content: { is: 'played' } });
const film = (id: string): MediaView =>
  media({ id, kind: 'video', state: 'here', bytes: 33_310, content: { is: 'played' } });

/** A window with these items in the thread that is open. */
async function shows(items: Item[], over: { stranger?: boolean } = {}): Promise<FakeHost> {
  const host = new FakeHost();
  const openOther = host.answers.openThread;
  host.answers.openThread = async (asked) => {
    const view = await openOther(asked);
    const stranger = (over.stranger ?? false) && !host.familiar.has(asked.thread);
    return { ...view, items, stranger };
  };
  await openWindow(host);
  await openThread(4);
  return host;
}

describe('pictures', () => {
  test('a picture is drawn in its own shape before it came', async () => {
    await shows([with_('a', picture('a.1.0'))]);
    const image = (await part('picture')).querySelector('img')!;
    expect([image.getAttribute('width'), image.getAttribute('height')]).toEqual(['300', '225']);
    expect(image.getAttribute('src')).toContain('a.1.0-thumb');
  });

  test('what is not here is asked for once it is seen, and drawn when it came', async () => {
    const host = await shows([with_('a', media({ id: 'a.1.0' }))]);
    host.answers.fetchMedia = () => ({ state: 'dead', title: '', bytes: null, content: null });
    expect(host.asked('fetchMedia')).toEqual([{ id: 'a.1.0' }]);
    // The host could not reach Meta; the second time it hears that the link died.
    await press('fetch-again');
    await waitFor(() => expect(find('media')?.dataset.state).toBe('dead'));
    expect(await said('media')).toContain('link to it has ended');
  });

  test.each([
    ['image', 'Photo'],
    ['video', 'Video'],
    ['audio', 'Voice message'],
    ['file', 'File'],
  ] as const)(
    'of a %s whose link ended before this desk came it is said what it was, and that',
    async (kind, what) => {
      const host = await shows([with_('a', media({ id: 'a.1.0', kind, state: 'dead' }))]);
      const tile = await said('media', `[data-kind="${kind}"]`);
      expect(tile).toContain(what);
      expect(tile).toContain('Meta’s link to it has ended');
      expect(tile).toContain('Ask Meta again');
      // It is told already: nothing is asked for by itself.
      expect(host.asked('fetchMedia')).toEqual([]);
    },
  );

  test('one whose link died can be asked for anew, and why not is said', async () => {
    const host = await shows([with_('a', media({ id: 'a.1.0', state: 'dead' }))]);
    host.answers.fetchMediaAnew = () => {
      throw refuse('failed', 'Meta no longer gives this message.', 'Ask the customer.');
    };
    await press('ask-meta');
    await waitFor(() =>
      expect(find('media')?.textContent).toContain('no longer gives this message'),
    );
    const content = { is: 'picture', width: 300, height: 225, moves: false } as const;
    host.answers.fetchMediaAnew = () => ({ state: 'here', title: '', bytes: 1, content });
    await press('ask-meta');
    await part('picture');
    expect(host.asked('fetchMediaAnew')).toEqual([{ id: 'a.1.0' }, { id: 'a.1.0' }]);
    expect(host.asked('fetchMedia')).toEqual([]);
  });

  test('a fault of this desk is said with its words, and can be tried again', async () => {
    const host = new FakeHost();
    host.answers.fetchMedia = () => {
      throw refuse('storage', 'The disk is full.', 'Free some space.');
    };
    const openOther = host.answers.openThread;
    host.answers.openThread = async (asked) => ({
      ...(await openOther(asked)),
      items: [with_('a', media({ kind: 'file', title: 'a.pdf' }))],
    });
    await openWindow(host);
    await openThread(4);
    await waitFor(async () => expect(await said('media')).toContain('The disk is full.'));
    const now: MediaNow = { state: 'here', title: '', bytes: 900, content: { is: 'document' } };
    host.answers.fetchMedia = () => now;
    await press('fetch-again');
    await part('save-media');
  });

  test('a picture that does not draw is a file', async () => {
    const host = await shows([with_('a', picture('a.1.0', { title: 'cup.png' }))]);
    await fireEvent.error((await part('picture')).querySelector('img')!);
    expect(await said('media')).toContain('cannot be shown');
    await press('save-media');
    expect(host.asked('saveMedia')).toEqual([{ id: 'a.1.0' }]);
    await waitFor(() => expect(document.body.textContent).toContain('Saved as a.1.0.bin'));
  });

  test('a stranger’s pictures are blurred until one is clicked, stickers are not', async () => {
    const sticker = picture('a.2.0', { kind: 'sticker' });
    const host = await shows([with_('a', picture('a.1.0')), with_('b', sticker)], {
      stranger: true,
    });
    expect((await part('picture', '[data-blurred]')).dataset.blurred).toBe('true');
    expect(find('picture', '[data-kind="sticker"]')).not.toBeNull();
    await press('picture', '[data-blurred="true"]');
    expect(find('viewer')).toBeNull();
    expect(host.asked('showPictures')).toEqual([{ thread: 4 }]);
    await waitFor(() => expect(find('picture', '[data-blurred="false"]')).not.toBeNull());
    await press('picture', '[data-blurred="false"]');
    await part('viewer');
  });

  test('a story says that it is not kept, and one that is over says so', async () => {
    const alive = picture('a.1.0', { fleeting: true });
    const over = media({ id: 'a.2.0', state: 'dead', fleeting: true });
    await shows([
      message({ key: 'a', attachments: [{ is: 'storyMention', media: alive }] }),
      message({ key: 'b', attachments: [{ is: 'storyMention', media: over }] }),
    ]);
    await waitFor(() => expect(all('story-mention')).toHaveLength(2));
    const [first, second] = all('story-mention').map((one) => one.textContent);
    expect(first).toContain('shown here, not kept');
    expect(second).toContain('The story has expired');
  });

  test('several pictures of one message stand together', async () => {
    await shows([with_('a', picture('a.1.0'), picture('a.1.1'), picture('a.1.2'))]);
    expect((await part('album')).querySelectorAll('img')).toHaveLength(3);
  });
});

describe('the viewer', () => {
  const items = [
    with_('a', picture('a.1.0', { title: 'one.png' })),
    with_('b', film('a.2.0')),
    with_('c', picture('a.3.0', { title: 'three.png' })),
  ];

  async function opened(): Promise<FakeHost> {
    const host = await shows(items);
    host.playables.set('a.2.0', 'blob:film');
    await press('picture');
    await part('viewer');
    return host;
  }

  test('arrows go through every picture and video of the thread, and stop at the ends', async () => {
    const host = await opened();
    const viewer = await part('viewer');
    expect(await said('viewer-place')).toBe('1 of 3');
    await key(viewer, 'ArrowLeft');
    expect(viewer.dataset.id).toBe('a.1.0');
    await key(viewer, 'ArrowRight');
    expect(viewer.dataset.id).toBe('a.2.0');
    expect((await part('film')).getAttribute('src')).toBe('blob:film');
    expect(host.playing).toEqual(['a.2.0']);
    await key(viewer, 'ArrowRight');
    await key(viewer, 'ArrowRight');
    expect([viewer.dataset.id, await said('viewer-place')]).toEqual(['a.3.0', '3 of 3']);
    expect(host.playing).toEqual([]);
  });

  test('Esc closes it, and the keys of the page stay silent in it', async () => {
    const host = await opened();
    const viewer = await part('viewer');
    await key(viewer, 'e');
    await key(viewer, 'j');
    expect(host.asked('setStatus')).toEqual([]);
    await key(viewer, 'Escape');
    expect(find('viewer')).toBeNull();
  });

  test('it closes when what it shows was taken back', async () => {
    const host = await opened();
    items[0] = message({ key: 'a', unsent: true });
    host.change(4, {});
    await waitFor(() => expect(find('viewer')).toBeNull());
  });

  test('a video begins in it, and where it may not begin by itself a button in the middle does', async () => {
    const { play } = HTMLMediaElement.prototype;
    const begins = vi.fn(() => Promise.reject(new DOMException('', 'NotAllowedError')));
    HTMLMediaElement.prototype.play = begins;
    try {
      const host = await shows([with_('a', film('a.1.0'))]);
      host.playables.set('a.1.0', 'blob:film');
      await press('watch');
      await fireEvent(await part('film'), new Event('loadedmetadata'));
      expect(begins).toHaveBeenCalledOnce();
      await press('film-play');
      expect(begins).toHaveBeenCalledTimes(2);
      await fireEvent(await part('film'), new Event('play'));
      await waitFor(() => expect(find('film-play')).toBeNull());
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });

  test('a video that cannot be played names the packages and opens outside', async () => {
    const host = await shows([with_('a', film('a.1.0'))]);
    host.playables.set('a.1.0', 'blob:film');
    await press('watch');
    await twoGiveUp();
    const words = await said('cannot-play');
    for (const name of ['plugins-good', 'plugins-bad', 'libav']) {
      expect(words).toContain(`gstreamer1.0-${name}`);
    }
    await press('open-outside');
    expect(host.asked('openOutside')).toEqual([{ open: 'media', id: 'a.1.0' }]);
  });

  test('a player that gives up has a second one, and a third when asked', async () => {
    const host = await shows([with_('a', film('a.1.0'))]);
    host.playables.set('a.1.0', 'blob:film');
    await press('watch');
    await twoGiveUp();
    expect(host.playing).toHaveLength(1);
    const gone = find('film');
    await press('play-again');
    expect(gone).toBeNull();
    await fireEvent(await part('film'), new Event('play'));
    expect(find('cannot-play')).toBeNull();
    expect(host.playing).toHaveLength(1);
    await fireEvent.error(await part('film'));
    await part('cannot-play');
  });

  async function twoGiveUp(): Promise<void> {
    const first = await part('film');
    await fireEvent.error(first);
    expect(find('cannot-play')).toBeNull();
    await waitFor(() => {
      const second = find('film');
      if (!second || second === first) throw new Error('not yet');
    });
    await fireEvent.error(await part('film'));
    await part('cannot-play');
  }
});

describe('a video in the thread', () => {
  const still = { picture: document.createElement('canvas'), seconds: 75 };

  afterEach(() => vi.mocked(stillOf).mockReset().mockResolvedValue(null));

  test('shows a still, how long and how large it is', async () => {
    vi.mocked(stillOf).mockResolvedValue(still);
    await shows([with_('a', film('a.1.0'))]);
    await part('watch', '[data-still="true"]');
    expect(await said('watch')).toContain('1:15 · 33.3 kB');
    expect((await part('watch')).querySelector('canvas')).not.toBeNull();
  });

  test('shows how large it is where there is no still', async () => {
    await shows([with_('a', film('a.1.0'))]);
    expect(await said('watch')).toContain('33.3 kB');
    expect(find('watch')?.dataset['still']).toBe('false');
    expect(vi.mocked(stillOf)).toHaveBeenCalledOnce();
  });

  test.each([
    ['of a stranger', film('a.1.0'), true],
    ['that is too large', { ...film('a.1.0'), bytes: MOST_BYTES + 1 }, false],
    ['that is not to be kept', { ...film('a.1.0'), fleeting: true }, false],
  ])('one %s is not read for a still', async (_, one, stranger) => {
    await shows([with_('a', one)], { stranger });
    await part('watch');
    expect(vi.mocked(stillOf)).not.toHaveBeenCalled();
  });
});

describe('sounds', () => {
  const { play, pause } = HTMLMediaElement.prototype;
  const become = (element: HTMLMediaElement, paused: boolean) => {
    Object.defineProperty(element, 'paused', { value: paused, configurable: true });
    element.dispatchEvent(new Event(paused ? 'pause' : 'play'));
  };

  beforeEach(() => {
    HTMLMediaElement.prototype.play = vi.fn(function (this: HTMLMediaElement) {
      become(this, false);
      return Promise.resolve();
    });
    HTMLMediaElement.prototype.pause = vi.fn(function (this: HTMLMediaElement) {
      become(this, true);
    });
  });

  afterEach(() => {
    Object.assign(HTMLMediaElement.prototype, { play, pause });
    while (speeds.now !== 1) speeds.next();
  });

  async function heard(): Promise<FakeHost> {
    const host = await shows([with_('a', sound('a.1.0')), with_('b', sound('a.2.0'))]);
    host.playables.set('a.1.0', 'blob:one').set('a.2.0', 'blob:two');
    return host;
  }

  test('how long it is stands there before anybody plays it', async () => {
    vi.mocked(lengthOf).mockResolvedValueOnce(12.4);
    await heard();
    const [first, second] = all('sound').map((one) => one.querySelector('[data-test="time"]')!);
    await waitFor(() => expect(first!.textContent?.trim()).toBe('0:12'));
    // Of what nobody can tell, how large it is.
    expect(second!.textContent).toContain('kB');
    expect(all('sound')[0]!.querySelector('audio')).toBeNull();
  });

  test('Space plays and pauses, wherever in it the focus is', async () => {
    await heard();
    const group = await part('sound');
    expect(group.textContent).toContain('kB');
    await key(group, ' ');
    await waitFor(() => expect(find('play')?.dataset.playing).toBe('true'));
    expect(group.querySelector('audio')?.getAttribute('src')).toBe('blob:one');
    await key(group.querySelector('input')!, ' ');
    await waitFor(() => expect(find('play')?.dataset.playing).toBe('false'));
  });

  test('arrows go five seconds, once its length is known', async () => {
    await heard();
    const group = await part('sound');
    await key(group, ' ');
    const audio = await vi.waitFor(() => group.querySelector('audio')!);
    Object.defineProperty(audio, 'duration', { value: 8, configurable: true });
    audio.dispatchEvent(new Event('durationchange'));
    await waitFor(() => expect(find('position')?.hasAttribute('disabled')).toBe(false));
    await key(group, 'ArrowRight');
    expect(audio.currentTime).toBe(5);
    await key(group, 'ArrowRight');
    expect(audio.currentTime).toBe(8);
  });

  test('one speed for all: 1, 1.5, 2, and round again', async () => {
    await heard();
    const group = await part('sound');
    await key(group, ' ');
    const audio = await vi.waitFor(() => group.querySelector('audio')!);
    for (const speed of [1.5, 2, 1]) {
      await press('speed');
      expect(audio.playbackRate).toBe(speed);
      expect(all('speed').map((button) => button.textContent)).toEqual(Array(2).fill(`${speed}×`));
    }
  });

  test('who begins to play makes the other pause', async () => {
    await heard();
    const [first, second] = await vi.waitFor(() => {
      const groups = all('sound');
      if (groups.length < 2) throw new Error('not yet');
      return groups;
    });
    await key(first!, ' ');
    await waitFor(() => expect(first!.querySelector('[data-playing="true"]')).not.toBeNull());
    await key(second!, ' ');
    await waitFor(() => expect(second!.querySelector('[data-playing="true"]')).not.toBeNull());
    expect(first!.querySelector('[data-playing="false"]')).not.toBeNull();
  });

  test('one that cannot be played says what helps; elsewhere it names no packages', async () => {
    const host = await heard();
    host.plays = 'system';
    const group = await part('sound');
    await key(group, ' ');
    const first = await vi.waitFor(() => group.querySelector('audio')!);
    await fireEvent.error(first);
    const second = await vi.waitFor(() => {
      const player = group.querySelector('audio');
      if (!player || player === first) throw new Error('not yet');
      return player;
    });
    await fireEvent.error(second);
    expect(await said('cannot-play')).not.toContain('gstreamer');
  });
});

describe('the pure parts', () => {
  test('a picture is as large as it is, or as fits', () => {
    expect(fitted({ width: 240, height: 180 })).toEqual({ width: 240, height: 180 });
    expect(fitted({ width: 1600, height: 1200 })).toEqual({ width: 300, height: 225 });
    expect(fitted({ width: 600, height: 6400 })).toEqual({ width: 30, height: 320 });
    expect(fitted({ width: 9000, height: 1 })).toEqual({ width: 300, height: 1 });
  });

  test('in the viewer no picture begins larger than it is, and comes nearer by hand', () => {
    const room = { width: 1200, height: 800 };
    expect(seen({ width: 240, height: 180 }, room, 1)).toEqual({ width: 240, height: 180 });
    expect(seen({ width: 2400, height: 1600 }, room, 1)).toEqual(room);
    expect(seen({ width: 240, height: 180 }, room, 2)).toEqual({ width: 480, height: 360 });
  });

  test('pictures that follow each other are an album, one alone is not', () => {
    const [one, two] = [hung(picture('a')), hung(picture('b'))];
    const place: AttachmentView = { is: 'place', title: '', lat: 1, long: 2 };
    expect(
      runs([one, two, place, one]).map((run) => ('album' in run ? run.album.length : 0)),
    ).toEqual([2, 0, 0]);
    expect(runs([hung(sound('a')), hung(sound('b'))])).toHaveLength(2);
  });

  test('the viewer goes through pictures and videos, wherever they hang', () => {
    const card = { title: '', text: '', media: picture('c.1.0.0'), address: null, buttons: [] };
    const items: Item[] = [
      with_('a', picture('a.1.0'), sound('a.1.1'), film('a.1.2')),
      message({ key: 'b', unsent: true, attachments: [hung(picture('a.2.0'))] }),
      message({ key: 'c', attachments: [{ is: 'cards', cards: [card] }] }),
      message({ key: 'd', story: { media: picture('s.4') } }),
      with_('e', media({ id: 'a.5.0', state: 'missing' })),
    ];
    expect(gallery(items).map(({ id }) => id)).toEqual(['a.1.0', 'a.1.2', 'c.1.0.0', 's.4']);
    expect(gallery(threadView(new FakeHost().rows[0]!, 1).items)).toEqual([]);
  });

  test('times are read as people say them', () => {
    expect([0, 7.9, 61, 3600, Number.NaN].map(playTime)).toEqual([
      '0:00',
      '0:07',
      '1:01',
      '60:00',
      '0:00',
    ]);
  });
});

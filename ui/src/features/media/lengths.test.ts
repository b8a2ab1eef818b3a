/** How long a sound is: read one at a time, let go at once, nothing where nobody can tell. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { lengthOf } from './lengths';

let sounds: HTMLAudioElement[];
let host: FakeHost;

function says(at: number, event: string, duration = 12.4) {
  const sound = sounds[at]!;
  Object.defineProperty(sound, 'duration', { value: duration });
  sound.dispatchEvent(new Event(event));
}

beforeEach(() => {
  sounds = [];
  host = new FakeHost();
  const create = document.createElement.bind(document);
  vi.spyOn(document, 'createElement').mockImplementation((name: string) => {
    const element = create(name);
    if (element instanceof HTMLAudioElement) {
      element.load = () => {};
      sounds.push(element);
    }
    return element;
  });
});
afterEach(() => vi.restoreAllMocks());

test('a sound is read for its length once, and let go', async () => {
  host.playables.set('length-1', 'blob:1');
  const length = lengthOf(host, 'length-1');
  await vi.waitFor(() => expect(sounds).toHaveLength(1));
  expect(host.playing).toEqual(['length-1']);
  says(0, 'loadedmetadata');
  expect(await length).toBe(12.4);
  expect(host.playing).toEqual([]);
  expect(await lengthOf(host, 'length-1')).toBe(12.4);
  expect(sounds).toHaveLength(1);
});

test('one waits for the one before it, and what is broken or endless has none', async () => {
  host.playables.set('length-2', 'blob:2').set('length-3', 'blob:3');
  const [second, third] = [lengthOf(host, 'length-2'), lengthOf(host, 'length-3')];
  await vi.waitFor(() => expect(sounds).toHaveLength(1));
  says(0, 'error');
  expect(await second).toBeNull();
  await vi.waitFor(() => expect(sounds).toHaveLength(2));
  says(1, 'loadedmetadata', Number.POSITIVE_INFINITY);
  expect(await third).toBeNull();
  expect(await lengthOf(host, 'nowhere')).toBeNull();
});

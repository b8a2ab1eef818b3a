/** How a still of a video comes about: one at a time, let go at once, none where it does not play. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { stillOf } from './stills';

const drawn = vi.fn();
let videos: HTMLVideoElement[];
let host: FakeHost;

/** A video of 60 seconds that says what it is told to say. */
function happens(at: number, event: string) {
  videos[at]?.dispatchEvent(new Event(event));
}

beforeEach(() => {
  videos = [];
  host = new FakeHost();
  const create = document.createElement.bind(document);
  vi.spyOn(document, 'createElement').mockImplementation((name: string) => {
    const element = create(name);
    if (element instanceof HTMLVideoElement) {
      const size = { videoWidth: { value: 1920 }, videoHeight: { value: 1080 } };
      Object.defineProperties(element, { ...size, duration: { value: 60 } });
      element.load = () => {};
      videos.push(element);
    }
    return element;
  });
  const pen = { drawImage: drawn } as unknown as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a still', () => {
  test('is of a moment near the beginning, small, and the video is let go', async () => {
    host.playables.set('still-1', 'blob:1');
    const still = stillOf(host, 'still-1');
    await vi.waitFor(() => expect(videos).toHaveLength(1));
    expect(host.playing).toEqual(['still-1']);
    happens(0, 'loadeddata');
    await vi.waitFor(() => expect(videos[0]?.currentTime).toBe(1));
    happens(0, 'seeked');
    expect(await still).toMatchObject({ seconds: 60, picture: { width: 480, height: 270 } });
    expect(host.playing).toEqual([]);
    expect(await stillOf(host, 'still-1')).toBe(await still);
    expect(videos).toHaveLength(1);
  });

  test('waits for the one before it', async () => {
    host.playables.set('still-2', 'blob:2').set('still-3', 'blob:3');
    const [second, third] = [stillOf(host, 'still-2'), stillOf(host, 'still-3')];
    await vi.waitFor(() => expect(videos).toHaveLength(1));
    happens(0, 'error');
    expect(await second).toBeNull();
    await vi.waitFor(() => expect(videos).toHaveLength(2));
    expect(host.playing).toEqual(['still-3']);
    happens(1, 'error');
    expect(await third).toBeNull();
  });

  test('is none where the video cannot be had, or does not come in time', async () => {
    expect(await stillOf(host, 'nowhere')).toBeNull();
    vi.useFakeTimers();
    host.playables.set('still-4', 'blob:4');
    const still = stillOf(host, 'still-4');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await still).toBeNull();
    expect(host.playing).toEqual([]);
  });
});

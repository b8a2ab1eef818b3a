/** Tones: each kind its own, as loud as chosen, and silent where nothing can sound. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AlertKind } from './contract';
import { Sounds, tunes } from './sounds';

type Ramp = { to: number; at: number };

/** A sound device that remembers what it was told. */
class Device {
  state: AudioContextState = 'suspended';
  currentTime = 10;
  destination = {};
  tones: { hz: number; from: number; to: number; peak: number }[] = [];
  suspended = 0;
  resume = vi.fn(() => {
    this.state = 'running';
    return Promise.resolve();
  });

  suspend() {
    this.state = 'suspended';
    this.suspended += 1;
    return Promise.resolve();
  }

  createGain() {
    const ramps: Ramp[] = [];
    const to = (value: number, at: number) => void ramps.push({ to: value, at });
    const gain = {
      setValueAtTime: to,
      linearRampToValueAtTime: to,
      exponentialRampToValueAtTime: to,
    };
    return { gain, ramps, connect: (next: unknown) => next };
  }

  createOscillator() {
    const { tones } = this;
    let peak = 0;
    let begins = 0;
    const frequency = { value: 0 };
    return {
      type: 'sine',
      frequency,
      connect(swell: ReturnType<Device['createGain']>) {
        peak = Math.max(...swell.ramps.map((ramp) => ramp.to));
        return swell;
      },
      start: (at: number) => void (begins = at),
      stop: (at: number) => void tones.push({ hz: frequency.value, from: begins, to: at, peak }),
    };
  }
}

let device: Device;
let sounds: Sounds;
beforeEach(() => {
  vi.useFakeTimers();
  device = new Device();
  sounds = new Sounds(() => device as unknown as AudioContext);
});
afterEach(() => vi.useRealTimers());

test.each(Object.keys(tunes) as AlertKind[])('%s sounds as it is written', async (kind) => {
  await sounds.play(kind, 60);
  const heard = device.tones.map(({ hz, from, to }) => ({ hz, atS: from - 10, forS: to - from }));
  expect(heard.map(({ hz }) => hz)).toEqual(tunes[kind].map(({ hz }) => hz));
  for (const [at, tone] of tunes[kind].entries()) {
    expect(heard[at]?.atS).toBeCloseTo(tone.atS);
    expect(heard[at]?.forS).toBeCloseTo(tone.forS);
  }
});

test('no two kinds sound the same', () => {
  const melodies = Object.values(tunes).map((tones) => tones.map(({ hz }) => hz).join());
  expect(new Set(melodies).size).toBe(melodies.length);
});

test('it is as loud as was chosen, and at nothing nothing is asked of the device', async () => {
  await sounds.play('message', 0);
  expect(device.resume).not.toHaveBeenCalled();
  await sounds.play('message', 30);
  await sounds.play('message', 100);
  const [quiet, loud] = [device.tones[0]!.peak, device.tones.at(-1)!.peak];
  expect(quiet).toBeGreaterThan(0);
  expect(loud).toBeGreaterThan(quiet * 2);
});

test('the device is let go once it is quiet again', async () => {
  await sounds.play('mention', 60);
  await vi.advanceTimersByTimeAsync(1_000);
  await sounds.play('mention', 60);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(device.suspended).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(device.suspended).toBe(1);
});

test('what could not sound at once does not sound later', async () => {
  device.resume.mockImplementation(
    () =>
      new Promise((done) =>
        setTimeout(() => {
          device.state = 'running';
          done();
        }, 5_000),
      ),
  );
  const playing = sounds.play('message', 60);
  await vi.advanceTimersByTimeAsync(6_000);
  await playing;
  expect(device.tones).toEqual([]);
});

test.each<[string, () => AudioContext | null]>([
  ['has no sound', () => null],
  [
    'refuses',
    () => {
      throw new Error('no device');
    },
  ],
])('a machine that %s is silent and nothing else', async (_, make) => {
  await expect(new Sounds(make).play('message', 60)).resolves.toBeUndefined();
});

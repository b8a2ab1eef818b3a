/**
 * Short tones for what happens, made here from a few figures: no file, no network.
 *
 * Promises: each kind sounds its own way; a machine without a sound device is silent and nothing else; a tone that could
 * not sound at once does not sound later. The device is let go once it is quiet again.
 */
import type { AlertKind } from './contract';

/** One tone: its pitch, when it begins and how long it lasts, seconds. */
export type Tone = { hz: number; atS: number; forS: number };

export const tunes: Record<AlertKind, Tone[]> = {
  // Two steps up, short: it happens often.
  message: [
    { hz: 659, atS: 0, forS: 0.12 },
    { hz: 880, atS: 0.09, forS: 0.18 },
  ],
  // Three steps up.
  assigned: [
    { hz: 523, atS: 0, forS: 0.14 },
    { hz: 659, atS: 0.11, forS: 0.14 },
    { hz: 784, atS: 0.22, forS: 0.24 },
  ],
  // Twice the same, high.
  mention: [
    { hz: 988, atS: 0, forS: 0.1 },
    { hz: 988, atS: 0.16, forS: 0.2 },
  ],
  // A step down, slow.
  shutting: [
    { hz: 587, atS: 0, forS: 0.28 },
    { hz: 440, atS: 0.26, forS: 0.4 },
  ],
};

/** A tone that could not begin within this is over, milliseconds. */
const TOO_LATE_MS = 1_000;
/** The device is let go so long after the last tone, milliseconds. */
const QUIET_MS = 2_000;
const LOUDEST = 0.35;
const RISES_S = 0.012;

const newContext = () => ('AudioContext' in globalThis ? new AudioContext() : null);

export class Sounds {
  #make: () => AudioContext | null;
  #context: AudioContext | null = null;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(make: () => AudioContext | null = newContext) {
    this.#make = make;
  }

  /** Lets one kind be heard. `volume`: 0 to 100. */
  async play(kind: AlertKind, volume: number): Promise<void> {
    if (volume <= 0) return;
    try {
      this.#context ??= this.#make();
      const context = this.#context;
      if (!context) return;
      const askedAt = performance.now();
      // Before somebody touched the page an engine may refuse.
      if (context.state !== 'running') await context.resume();
      if (performance.now() - askedAt > TOO_LATE_MS) return;
      const level = LOUDEST * (Math.min(volume, 100) / 100) ** 2;
      for (const tone of tunes[kind]) sound(context, tone, level);
      clearTimeout(this.#quiet);
      this.#quiet = setTimeout(() => void context.suspend().catch(() => {}), QUIET_MS);
    } catch {
      // Nothing here can sound.
    }
  }
}

/** Swells and dies away, so that it does not click. */
function sound(context: AudioContext, { hz, atS, forS }: Tone, level: number): void {
  const [from, to] = [context.currentTime + atS, context.currentTime + atS + forS];
  const swell = context.createGain();
  swell.gain.setValueAtTime(0, from);
  swell.gain.linearRampToValueAtTime(level, from + RISES_S);
  swell.gain.exponentialRampToValueAtTime(level / 1_000, to);
  const tone = context.createOscillator();
  tone.type = 'sine';
  tone.frequency.value = hz;
  tone.connect(swell).connect(context.destination);
  tone.start(from);
  tone.stop(to);
}

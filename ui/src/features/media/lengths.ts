/**
 * How long sounds are, before anybody plays one. A sound is read into the page for its beginning and let go at once, one
 * after the other; what does not say it in time, or has no end, has no length.
 *
 * ```text
 *   asked ──its turn──▶ read ──▶ length known, kept
 *                         └─ broken, endless, or too late ──▶ none
 * ```
 */
import type { Host } from '$lib/host';
import { comes } from './comes';
import { oneByOne } from './one-by-one';

/** A larger one is not read only for its length: a page holds it in memory meanwhile. */
export const MOST_BYTES = 24 * 1024 * 1024;
/** How many are kept; the oldest goes. They are numbers. */
const KEPT = 400;

/** The length of a sound, seconds; null when nobody can tell. */
export const lengthOf = oneByOne<number>(KEPT, read);

async function read(host: Host, id: string): Promise<number | null> {
  const held = await host.playable(id);
  const sound = document.createElement('audio');
  try {
    sound.muted = true;
    sound.preload = 'metadata';
    sound.src = held.url;
    await comes(sound, 'loadedmetadata');
    const { duration } = sound;
    return Number.isFinite(duration) && duration > 0 ? duration : null;
  } finally {
    sound.removeAttribute('src');
    sound.load();
    held.letGo();
  }
}

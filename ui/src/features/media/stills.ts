/**
 * Still pictures of videos, for the thread: a moment near the beginning, drawn small. A video is read into the page for it
 * and let go at once, one after the other, and only where that is cheap; what does not come in time has no still.
 *
 * ```text
 *   asked ──its turn──▶ read ──▶ beginning known ──▶ a little further ──▶ drawn small, kept
 *                         └─ broken, or too late ──▶ none
 * ```
 */
import type { Host } from '$lib/host';
import { comes } from './comes';
import { oneByOne } from './one-by-one';
import { fitted } from './shape';

/** A larger one is not read only to be looked at: a page holds it in memory meanwhile. */
export const MOST_BYTES = 24 * 1024 * 1024;
/** How many are kept; the oldest goes. */
const KEPT = 16;
/** Twice as large as it is shown, for fine screens. */
const SIZE = { width: 480, height: 270 };

export type Still = { picture: HTMLCanvasElement; seconds: number };

/** The still of a video; null when there is none. */
export const stillOf = oneByOne<Still>(KEPT, make);

/** Draws a still where it is shown. */
export function paint(still: Still) {
  return (canvas: HTMLCanvasElement) => {
    canvas.width = still.picture.width;
    canvas.height = still.picture.height;
    canvas.getContext('2d')?.drawImage(still.picture, 0, 0);
  };
}

async function make(host: Host, id: string): Promise<Still | null> {
  const held = await host.playable(id);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.preload = 'auto';
    video.src = held.url;
    await comes(video, 'loadeddata');
    const seconds = video.duration;
    // Many videos begin with black.
    const at = Number.isFinite(seconds) ? Math.min(1, seconds / 10) : 0;
    if (at > 0) {
      const there = comes(video, 'seeked');
      video.currentTime = at;
      await there;
    }
    return { picture: drawn(video), seconds };
  } finally {
    video.removeAttribute('src');
    video.load();
    held.letGo();
  }
}

function drawn(video: HTMLVideoElement): HTMLCanvasElement {
  const size = fitted({ width: video.videoWidth, height: video.videoHeight }, SIZE);
  const picture = document.createElement('canvas');
  Object.assign(picture, size);
  const pen = picture.getContext('2d');
  if (!pen) throw new Error('nothing can be drawn');
  pen.drawImage(video, 0, 0, size.width, size.height);
  return picture;
}

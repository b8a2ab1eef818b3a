/** Waiting for what a player says of itself. */
const PATIENCE_MS = 6000;

type Says = 'loadedmetadata' | 'loadeddata' | 'seeked';

/** Resolves with the event, rejects when the medium is broken or it takes too long. */
export function comes(element: HTMLMediaElement, event: Says): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void) => () => {
      clearTimeout(late);
      element.removeEventListener(event, came);
      element.removeEventListener('error', failed);
      act();
    };
    const came = end(resolve);
    const failed = end(() => reject(new Error('it cannot be played')));
    const late = setTimeout(failed, PATIENCE_MS);
    element.addEventListener(event, came);
    element.addEventListener('error', failed);
  });
}

/** The still of a video where it is shown: made once it is wanted, and only that of the video that is there then. */
import { untrack } from 'svelte';
import type { MediaView } from '$lib/contract';
import type { Host } from '$lib/host';
import { stillOf, type Still } from './stills';

export class ShownStill {
  now = $state.raw<Still | null>(null);

  /** To be made while a component is. */
  constructor(host: Host, media: () => MediaView, isWanted: () => boolean) {
    $effect(() => {
      if (!isWanted()) return;
      const { id } = media();
      untrack(
        () =>
          void stillOf(host, id).then((made) => {
            if (media().id === id) this.now = made;
          }),
      );
    });
  }
}

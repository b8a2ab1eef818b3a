/** The host inside the desktop window. The only file of the page that names Tauri. */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Notice } from '$lib/contract';
import { asCommandError, type Host } from '.';

/** How long to wait before subscribing again, milliseconds. */
const AGAIN_MS = 1_000;

export function tauriHost(): Host {
  return {
    async call(name, request) {
      try {
        return await invoke('call', { name, request });
      } catch (thrown) {
        throw asCommandError(thrown);
      }
    },
    listen(hear) {
      let listening = true;
      const channel = new Channel<Notice>();
      channel.onmessage = (notice) => {
        if (listening) hear(notice);
      };
      // Without a subscription the page would look well and hear nothing. Once it stands, everything that was
      // read before it is read again.
      const subscribe = () => {
        if (!listening) return;
        invoke('subscribe', { channel }).then(
          () => listening && hear({ notice: 'all' }),
          () => setTimeout(subscribe, AGAIN_MS),
        );
      };
      subscribe();
      return () => {
        listening = false;
      };
    },
  };
}

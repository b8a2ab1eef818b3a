/** The host inside the desktop window. The only file of the page that names Tauri. */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Notice } from '$lib/contract';
import { asCommandError, type Host } from '.';

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
      // Without the subscription the page would look well and hear nothing: read all once it stands.
      invoke('subscribe', { channel }).then(
        () => listening && hear({ notice: 'all' }),
        () => listening && hear({ notice: 'session' }),
      );
      return () => {
        listening = false;
      };
    },
  };
}

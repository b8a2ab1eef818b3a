/** The host inside the desktop window. The only file of the page that names Tauri. */
import { Channel, convertFileSrc, invoke } from '@tauri-apps/api/core';
import type { Notice } from '$lib/contract';
import { asCommandError, FILE_HEADER, fileHeader, type Host, type Playable } from '.';

/** How long to wait before subscribing again, milliseconds. */
const AGAIN_MS = 1_000;

/** The scheme that the window answers from the vault of its desk. */
const media = (id: string) => convertFileSrc(id, 'media');
const direct = (id: string): Playable => ({ url: media(id), letGo: () => {} });

/** WebKitGTK plays nothing from a scheme of ours: its player asks for http and blobs only. */
const isWebKitGtk = () => /Linux/.test(navigator.userAgent);

async function fromMemory(id: string): Promise<Playable> {
  try {
    const answer = await fetch(media(id));
    if (!answer.ok) throw new Error(`The desk answered ${answer.status}.`);
    const url = URL.createObjectURL(await answer.blob());
    return { url, letGo: () => URL.revokeObjectURL(url) };
  } catch (thrown) {
    throw asCommandError(thrown);
  }
}

export function tauriHost(): Host {
  return {
    async call(name, request) {
      try {
        return await invoke('call', { name, request });
      } catch (thrown) {
        throw asCommandError(thrown);
      }
    },
    async attach(request, file) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        return await invoke('attach', bytes, { headers: { [FILE_HEADER]: fileHeader(request) } });
      } catch (thrown) {
        throw asCommandError(thrown);
      }
    },
    listen(hear) {
      let listening = true;
      // Without a subscription the page would look well and hear nothing. Once it stands, everything that was
      // read before it is read again.
      const subscribe = () => {
        if (!listening) return;
        // A channel ends with the call that was refused: each try has its own.
        const channel = new Channel<Notice>();
        channel.onmessage = (notice) => {
          if (listening) hear(notice);
        };
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
    opening: () => invoke('opening'),
    plays: isWebKitGtk() ? 'gstreamer' : 'system',
    picture: (id, size) => media(id) + (size === 'thumb' ? '?size=thumb' : ''),
    playable: (id) => (isWebKitGtk() ? fromMemory(id) : Promise.resolve(direct(id))),
  };
}

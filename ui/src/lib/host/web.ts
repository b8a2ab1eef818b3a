/** The host on loopback, for tests and work on the page in a browser. */
import type { Notice } from '$lib/contract';
import { asCommandError, FILE_HEADER, fileHeader, type Host } from '.';

export function webHost(base = ''): Host {
  const media = (id: string) => `${base}/media/${encodeURIComponent(id)}`;
  return {
    call(name, request) {
      const headers = { 'content-type': 'application/json' };
      return ask(`${base}/api/call/${name}`, headers, JSON.stringify(request ?? null));
    },
    async attach(request, file) {
      // Another type of the body would say what a person called it, and no more.
      const headers = {
        'content-type': 'application/octet-stream',
        [FILE_HEADER]: fileHeader(request),
      };
      return ask(`${base}/api/attach`, headers, await bytesOf(file));
    },
    listen(hear) {
      const source = new EventSource(`${base}/api/notices`);
      // Each (re)connection may have missed something before it.
      source.onopen = () => hear({ notice: 'all' });
      source.onmessage = (event) => hear(JSON.parse(event.data) as Notice);
      return () => source.close();
    },
    // It is served once its desk is open.
    opening: () => Promise.resolve(null),
    plays: 'system',
    picture: (id, size) => media(id) + (size === 'thumb' ? '?size=thumb' : ''),
    playable: (id) => Promise.resolve({ url: media(id), letGo: () => {} }),
  };
}

async function bytesOf(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (thrown) {
    throw asCommandError(thrown);
  }
}

/** One `POST`; what the host refuses, and what goes wrong on the way, is a `CommandError`. */
async function ask(url: string, headers: Record<string, string>, body: BodyInit) {
  let answer: globalThis.Response;
  try {
    answer = await fetch(url, { method: 'POST', headers, body });
  } catch (thrown) {
    throw asCommandError(thrown);
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw asCommandError(said ?? new Error(`The host answered ${answer.status}.`));
  return said;
}

/** The host on loopback, for tests and work on the page in a browser. */
import type { Notice } from '$lib/contract';
import { asCommandError, type Host } from '.';

export function webHost(base = ''): Host {
  const media = (id: string) => `${base}/media/${encodeURIComponent(id)}`;
  return {
    async call(name, request) {
      let answer: globalThis.Response;
      try {
        answer = await fetch(`${base}/api/call/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request ?? null),
        });
      } catch (thrown) {
        throw asCommandError(thrown);
      }
      const body = await answer.json().catch(() => null);
      if (!answer.ok)
        throw asCommandError(body ?? new Error(`The host answered ${answer.status}.`));
      return body;
    },
    listen(hear) {
      const source = new EventSource(`${base}/api/notices`);
      // Each (re)connection may have missed something before it.
      source.onopen = () => hear({ notice: 'all' });
      source.onmessage = (event) => hear(JSON.parse(event.data) as Notice);
      return () => source.close();
    },
    plays: 'system',
    picture: (id, size) => media(id) + (size === 'thumb' ? '?size=thumb' : ''),
    playable: (id) => Promise.resolve({ url: media(id), letGo: () => {} }),
  };
}

/** Answers about files of the vault that are made one after the other, because each holds its file in memory meanwhile. */
import type { Host } from '$lib/host';

/** Asks for an answer once, and keeps so many of them; the oldest goes. Where none can be made it is null. */
export function oneByOne<T>(most: number, make: (host: Host, id: string) => Promise<T | null>) {
  const kept = new Map<string, Promise<T | null>>();
  let turn: Promise<unknown> = Promise.resolve();
  return (host: Host, id: string): Promise<T | null> => {
    const known = kept.get(id);
    if (known) return known;
    const answer = turn.then(() => make(host, id)).catch(() => null);
    turn = answer;
    kept.set(id, answer);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
}

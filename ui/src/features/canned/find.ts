/** Which canned replies fit what was typed, the best first. Pure. */
import type { CannedReply } from '$lib/contract';

/** So many are offered at once. */
const MOST = 8;

export function findCanned(replies: readonly CannedReply[], typed: string): CannedReply[] {
  const asked = typed.trim().toLowerCase();
  const found = replies.map((one) => ({ one, fit: fit(one, asked) })).filter(({ fit }) => fit > 0);
  found.sort((a, b) => b.fit - a.fit);
  return found.slice(0, MOST).map(({ one }) => one);
}

function fit({ name, text }: CannedReply, asked: string): number {
  const lower = name.toLowerCase();
  if (lower.startsWith(asked)) return 4;
  if (lower.split(/[\s_-]+/u).some((word) => word.startsWith(asked))) return 3;
  if (lower.includes(asked)) return 2;
  return asked.length > 1 && text.toLowerCase().includes(asked) ? 1 : 0;
}

/** One of them, whoever's it is. */
export const keyOf = ({ name, shared }: CannedReply) => `${shared ? 'team' : 'own'} ${name}`;

/** What hangs in the gallery, and how it comes from the desk's answers. */
import type { Item, Session, ThreadRow, ThreadView } from '$lib/contract';

/** One picture: the row of a thread, and what stands in the thread. */
export type Frame = { name: string; row: ThreadRow; items: Item[] };

/** What a desk says of itself above everything else. */
export type Above = { name: string; session: Session };

/** What the desk answered after a webhook, once or after each of its events. */
export type Answers = {
  fixture: string;
  screens: { session: Session; threads: ThreadView[] }[];
};

/** What stands above the inbox after a webhook, where something is not well. */
export function aboveOf({ fixture, screens }: Answers): Above[] {
  return screens
    .map(({ session }, step) => ({ name: `${fixture} · step ${step + 1}`, session }))
    .filter(({ session }) => session.problems.length > 0);
}

/** The frames of a webhook. One that shows nothing has none. */
export function framesOf({ fixture, screens }: Answers): Frame[] {
  return screens.flatMap(({ threads }, step) => {
    const part = screens.length > 1 ? ` · step ${step + 1}` : '';
    return threads.map(({ row, items }, at) => ({
      name: `${fixture}${part}${threads.length > 1 ? ` · ${at + 1}` : ''}`,
      row,
      items,
    }));
  });
}

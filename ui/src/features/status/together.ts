/** Troubles that are said in one banner. Pure. */
import type { Problem } from '$lib/contract';

/** The first of its accounts stands for all in its words. */
export type Trouble = { key: string; problem: Problem; accounts: Problem[] };

/** What can be done about each account separately, in one line; and what is wrong with all of a kind at once. */
const TOGETHER = new Set<Problem['kind']>(['tokenDead', 'appNotSubscribed']);

/** The same trouble of several accounts as one, where the first of them stands. */
export function together(problems: Problem[]): Trouble[] {
  const troubles: Trouble[] = [];
  for (const problem of problems) {
    const same = troubles.find(
      (one) =>
        TOGETHER.has(problem.kind) &&
        one.problem.kind === problem.kind &&
        one.problem.words.what === problem.words.what &&
        one.problem.words.action === problem.words.action,
    );
    if (same) same.accounts.push(problem);
    else
      troubles.push({
        key: `${problem.kind} ${problem.account}`,
        problem,
        accounts: [problem],
      });
  }
  return troubles;
}

/** Why an act on control has no effect now, for whoever presses its key all the same. Pure. */
import type { ControlAct, ThreadRow } from '$lib/contract';
import { words } from '$lib/words';

export type Wanted = 'take' | 'pass' | 'release' | 'keep';

/** `acts`: what can be done about control now. */
export function whyNot(row: ThreadRow, wanted: Wanted, acts: ControlAct[]): string {
  const w = words.acts.not;
  const { owner, appName } = row.owner;
  switch (owner) {
    case 'ours':
      if (wanted === 'keep') return w.noKeeping;
      if (wanted !== 'take') return w.fixed;
      return row.mine ? w.yours : w.ours(row.assignee);
    case 'idle':
      return wanted === 'take' ? w.idle : w.nothingToGive;
    case 'other':
    case 'questionFlow':
      return byAnother(appName ?? words.anotherApp);
    case 'metaInbox':
      return byAnother(appName ?? words.metaInbox(row.channel));
    case 'unmanaged':
      return w.unmanaged;
    case 'unknown':
      return w.unknown;
  }

  function byAnother(app: string): string {
    if (wanted === 'keep') return w.notOursToKeep(app);
    if (wanted !== 'take') return w.notOurs(app);
    return acts.includes('request') ? w.onlyAsk(app) : w.theirs(app);
  }
}

/** Whether a setting of Meta is why, so that an administrator of the account can change it. */
export function isBySetting({ owner: { owner, routing } }: ThreadRow, wanted: Wanted): boolean {
  if (owner === 'unmanaged') return true;
  if (wanted === 'keep') return owner === 'ours' && routing !== 'on';
  return wanted === 'take' && owner !== 'ours' && owner !== 'unknown';
}

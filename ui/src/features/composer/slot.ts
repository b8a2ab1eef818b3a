/** Where a draft lies at the host: what is written as a reply, and apart from it what is written as a private note. */
import type { ComposerState, MediaView, ThreadRef } from '$lib/contract';
import type { Host } from '$lib/host';

/** What is to be saved, and which text it goes out from. */
export type Written = { thread: ThreadRef; text: string; basedOn: string };

export type Slot = {
  /** What lies there; `cameBack`: something that did not leave came back into it. */
  of: (composer: ComposerState) => { text: string; cameBack: boolean; files: MediaView[] };
  save: (host: Host, written: Written) => Promise<null>;
};

export const replySlot: Slot = {
  of: ({ draft, draftWords, files }) => ({ text: draft, cameBack: draftWords !== null, files }),
  save: (host, written) => host.call('saveDraft', written),
};

/** `supervisorsOnly`: as it stands when something is saved. */
export const noteSlot = (supervisorsOnly: () => boolean): Slot => ({
  of: ({ note }) => ({ text: note.text, cameBack: note.words !== null, files: [] }),
  save: (host, written) =>
    host.call('saveNoteDraft', { ...written, supervisorsOnly: supervisorsOnly() }),
});

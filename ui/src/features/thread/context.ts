/** What the parts of a message need of the thread around them. */
import { createContext } from 'svelte';
import type { Channel, MessageView, Seen, ThreadRef } from '$lib/contract';

export type ThreadContext = {
  readonly thread: ThreadRef;
  readonly channel: Channel;
  /** What is shown of it: a reply that is sent again goes by that. */
  readonly seen: Seen;
  /** Whose reply from another desk it is of which nobody knows whether it arrived. */
  readonly doubtful: string | null;
  /** Key of the item that was jumped to a moment ago. */
  readonly found: string | null;
  /** Until when a reply may leave that has not left, of Meta's clock; null without an end, and when it will not leave. */
  leavesUntilMs: (reply: MessageView) => number | null;
  /** The reactions that the channel takes from us. */
  readonly reactions: string[];
  /** Goes to an item; what stands around its place is read when it is not there. */
  jump: (key: string, place: string | null) => void;
};

export const [useThread, setThread] = createContext<ThreadContext>();

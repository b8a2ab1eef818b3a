/** What the parts of a message need of the thread around them. */
import { createContext } from 'svelte';
import type { ThreadRef } from '$lib/contract';

export type ThreadContext = {
  readonly thread: ThreadRef;
  /** Key of the item that was jumped to a moment ago. */
  readonly found: string | null;
  /** Scrolls to an item, reading older ones until it is there. */
  jump: (key: string) => void;
};

export const [useThread, setThread] = createContext<ThreadContext>();

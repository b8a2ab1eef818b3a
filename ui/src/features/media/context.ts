/** What media need of the thread around them. */
import { createContext } from 'svelte';

export type MediaContext = {
  /** Nobody of ours has answered this customer yet: pictures are blurred until one is clicked. */
  readonly stranger: boolean;
  /** Shows this customer's pictures, from now on. */
  reveal: () => void;
  /** Opens the viewer at a picture or video of the thread. */
  look: (id: string) => void;
};

export const [useMedia, setMedia] = createContext<MediaContext>();

/** How long a test waits for a state before it fails. A busy machine needs it; a good run never does. */
export const PATIENCE_MS = 15_000;

/** How the field names what was found, for screen readers. */
export const RESULTS = 'found';

export function optionId(at: number): string {
  return `found-${at}`;
}

/** Names as small marks: initials, and a colour that stays with a person. */

/** One or two letters: of the first and the last word; emoji and marks are passed over. */
export function initials(name: string): string {
  const parts = name
    .split(/[\s._-]+/u)
    .map((word) => [...word].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? '')
    .filter((sign) => sign !== '');
  const first = parts[0] ?? '?';
  const last = parts.length > 1 ? (parts[parts.length - 1] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}

/** A hue of 0 to 359, always the same for the same id. */
export function hue(id: string): number {
  let sum = 7;
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 360;
  return sum;
}

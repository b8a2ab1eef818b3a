/**
 * The colours that a label can have. Pure.
 *
 * A label's colour travels as `#rrggbb`; on the page it is one of these hues, whose ground and ink `tokens.css` has for
 * light and dark. A colour that another program chose is shown as the nearest of them.
 */

/** Each hue, and how it travels. */
const WIRE = {
  grey: '#73786d',
  red: '#ba352c',
  orange: '#c9621d',
  yellow: '#cfa417',
  green: '#3fa665',
  teal: '#34b2b2',
  blue: '#286ebd',
  indigo: '#3438b2',
  purple: '#813caa',
  pink: '#b53073',
} as const;

export type Hue = keyof typeof WIRE;
export const HUES = Object.keys(WIRE) as Hue[];

/** How a hue travels. */
export const wireOf = (hue: Hue): string => WIRE[hue];

/** The hue that a colour is shown in; grey for what is no colour. */
export function hueOf(colour: string): Hue {
  const asked = parts(colour);
  if (!asked) return 'grey';
  const apart = (hue: Hue) =>
    (parts(WIRE[hue]) ?? []).reduce((sum, part, at) => sum + (part - (asked[at] ?? 0)) ** 2, 0);
  return HUES.reduce((best, hue) => (apart(hue) < apart(best) ? hue : best));
}

function parts(colour: string): number[] | null {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  return hex ? [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) : null;
}

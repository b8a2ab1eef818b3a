/** Amounts and sizes as people read them, in the user's locale. */
import type { MoneyView } from '$lib/contract';

/** "43.90 €", "−43.90 €"; a currency that is not known stands beside the number as it came. */
export function money({ amount, currency }: MoneyView): string {
  try {
    return written({ style: 'currency', currency }, amount);
  } catch {
    const plain = written({ minimumFractionDigits: 2 }, amount);
    return currency === '' ? plain : `${plain} ${currency}`;
  }
}

/** With a minus as wide as a plus: a hyphen before a currency is easily missed. */
function written(options: Intl.NumberFormatOptions, amount: number): string {
  return new Intl.NumberFormat(undefined, options)
    .formatToParts(amount)
    .map(({ type, value }) => (type === 'minusSign' ? value.replace('-', '−') : value))
    .join('');
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "1.2 MB". */
export function bytes(count: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    // "586 byte" is what the short form says.
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(count / 1_000 ** step);
}

/** "52.5200, 13.4050". */
export function degrees(lat: number, long: number): string {
  return `${lat.toFixed(4)}, ${long.toFixed(4)}`;
}

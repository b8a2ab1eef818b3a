/** Every text on every surface it is put on, and every mark, has the contrast it needs, in light and dark. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HUES } from '$features/labels/palette';

const css = readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8');

function tokens(selector: string): Record<string, string> {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, k, v]) => [k, v]),
  );
}

const light = tokens(':root');
const themes = { light, dark: { ...light, ...tokens(":root[data-theme='dark']") } };

type Rgb = [number, number, number];

function rgb(colour: string): Rgb {
  const hsl = /^hsl\((\d+) (\d+)% (\d+)%\)$/.exec(colour);
  if (hsl) return fromHsl(Number(hsl[1]), Number(hsl[2]) / 100, Number(hsl[3]) / 100);
  const hex = /^#([0-9a-f]{6})$/.exec(colour)?.[1];
  if (!hex) throw new Error(`${colour} is not a colour this test can read`);
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

function fromHsl(h: number, s: number, l: number): Rgb {
  const a = s * Math.min(l, 1 - l);
  const channel = (n: number) => {
    const k = (n + h / 30) % 12;
    return 255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

function luminance(colour: string): number {
  const [r, g, b] = rgb(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['surface', 'raised', 'sunken', 'accent-soft'];
const labels = HUES.map((hue): [string, string[]] => [`label-${hue}-ink`, [`label-${hue}`]]);
const texts: [ink: string, on: string[]][] = [
  ['text', [...grounds, 'theirs', 'ours', 'bot', 'note', 'warn-soft', 'bad-soft', 'line']],
  ['muted', [...grounds, 'theirs', 'ours', 'bot', 'line']],
  ['faint', grounds],
  ['accent', [...grounds, 'theirs', 'ours', 'bot']],
  ['on-accent', ['accent']],
  ['on-film', ['film']],
  ['bot-ink', ['bot', 'surface']],
  ['note-ink', ['note']],
  ['info', grounds],
  ['warn', [...grounds, 'warn-soft']],
  ['bad', [...grounds, 'bad-soft']],
  ['good', ['surface', 'raised', 'sunken']],
  ['surface', ['text']],
  ...labels,
];
const marks: [mark: string, on: string[]][] = [
  // The borders of controls and the ring of the focus, on banners and notices too.
  ['line-strong', ['surface', 'raised', 'sunken', 'bad-soft', 'warn-soft']],
  ['accent', [...grounds, 'bad-soft', 'warn-soft', 'theirs', 'ours', 'bot', 'note']],
  ['note-ink', ['note']],
  // The marks of the status line, on the ground that a pointer brings.
  ['good', ['sunken', 'line']],
  ['warn', ['sunken', 'line', 'warn-soft', 'accent-soft']],
  ['bad', ['sunken', 'line', 'bad-soft']],
  ['faint', [...grounds, 'line']],
  ['bot-ink', ['sunken']],
  ['info', ['surface', 'raised', 'sunken']],
  ['on-channel', ['messenger', 'instagram']],
];

describe.each(Object.entries(themes))('%s', (_, theme) => {
  const value = (name: string) => {
    const found = theme[name];
    if (!found) throw new Error(`--${name} is not a token`);
    return found;
  };
  const pairs = (list: [string, string[]][]) =>
    list.flatMap(([ink, on]) => on.map((ground) => [ink, ground] as const));

  test.each(pairs(texts))('text %s on %s', (ink, ground) => {
    expect(contrast(value(ink), value(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(pairs(marks))('mark %s on %s', (mark, ground) => {
    expect(contrast(value(mark), value(ground))).toBeGreaterThanOrEqual(3);
  });

  test('initials on the avatar of every customer', () => {
    for (let hue = 0; hue < 360; hue += 1) {
      const worst = contrast(
        `hsl(${hue} ${value('avatar-ink')})`,
        `hsl(${hue} ${value('avatar')})`,
      );
      expect(worst, `hue ${hue}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

test('no part of the page has a colour that is not held here', () => {
  const src = `${import.meta.dirname}/..`;
  const parts = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|css)$/.test(file))
    .map((file) => readFileSync(`${src}/${file}`, 'utf8'));
  const used = (property: string) =>
    new Set(
      parts.flatMap((part) =>
        [...part.matchAll(new RegExp(`[\\s{;]${property}:[^;]*?var\\(--([\\w-]+)\\)`, 'g'))].map(
          ([, name]) => name ?? '',
        ),
      ),
    );
  const held = [...texts, ...marks];
  const inks = new Set(held.map(([ink]) => ink));
  const on = new Set(held.flatMap(([, grounds]) => grounds));
  // A bubble has one of the grounds that its author gives it; avatars are tested above.
  const others = ['bubble', 'backdrop', 'hue', ...inks];
  expect(used('color').size).toBeGreaterThan(10);
  expect([...used('color')].filter((name) => !inks.has(name) && name !== 'hue')).toEqual([]);
  expect(
    [...used('background(?:-color)?')].filter((name) => !on.has(name) && !others.includes(name)),
  ).toEqual([]);
});

test('what stands in an empty field has the colour of faint text, or of its own ground', () => {
  const src = `${import.meta.dirname}/..`;
  const rules = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|css)$/.test(file))
    .flatMap((file) => [
      ...readFileSync(`${src}/${file}`, 'utf8').matchAll(/(\S*)::placeholder \{([^}]*)\}/g),
    ])
    .map(([, of, rule]) => ({ of, rule: rule ?? '' }));
  const everywhere = rules.find(({ of }) => of === '');
  expect(everywhere?.rule).toContain('color: var(--faint);');
  expect(everywhere?.rule).toContain('opacity: 1;');
  for (const { of, rule } of rules) {
    if (of === '') continue;
    // Where one has a colour of its own, it is that of the private note.
    expect(/(?<![-\w])color: ([^;]+);/.exec(rule)?.[1] ?? 'var(--note-ink)').toBe(
      'var(--note-ink)',
    );
    expect(rule).not.toContain('opacity');
  }
});

test('the contrast of black and white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});

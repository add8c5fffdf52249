import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../src-renderer/theme/tokens.css', import.meta.url), 'utf8');

/** The colour roles of one theme: light overrides dark. */
function tokens(theme: 'dark' | 'light'): Record<string, string> {
  const [dark = '', light = ''] = css.split(':root[data-theme="light"]');
  const read = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    );
  return theme === 'dark' ? read(dark) : { ...read(dark), ...read(light) };
}

const channels = (hex: string): number[] =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });

/** Relative luminance and contrast as WCAG 2.2 defines them. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = channels(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const words = ['text', 'mute', 'faint', 'accent', 'up', 'down', 'amber', 'red'];
const grounds = ['bg', 's1', 's2', 's3', 'select', 'hover', 'chip'];
const pairs: [string, string][] = [
  ...grounds.flatMap((ground) => words.map((word): [string, string] => [word, ground])),
  ...['text', 'mute', 'faint', 'red', 'up', 'down'].map((word): [string, string] => [
    word,
    'red-bg',
  ]),
  ['amber', 'amber-bg'],
  ['red', 'amber-bg'],
  ['on-accent', 'accent-fill'],
  ['on-red', 'red-fill'],
];

test.each(['dark', 'light'] as const)(
  'every text of the %s theme has 4.5 : 1 on every ground it stands on',
  (theme) => {
    const roles = tokens(theme);
    const weak = pairs
      .map(([word, ground]) => ({
        word,
        ground,
        ratio: contrast(roles[word] ?? '', roles[ground] ?? ''),
      }))
      .filter(({ ratio }) => !(ratio >= 4.5));
    expect(weak).toEqual([]);
  },
);

test.each(['dark', 'light'] as const)(
  'edges of fields and the focus ring of the %s theme have 3 : 1',
  (theme) => {
    const roles = tokens(theme);
    for (const ground of ['bg', 's1', 's2']) {
      expect(contrast(roles.edge ?? '', roles[ground] ?? '')).toBeGreaterThanOrEqual(3);
      expect(contrast(roles.accent ?? '', roles[ground] ?? '')).toBeGreaterThanOrEqual(3);
    }
  },
);

/** Full-strength dichromacy on linear RGB: Machado, Oliveira, Fernandes, IEEE TVCG 2009, table 1. */
const blindness = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** CIE L*a*b* of linear sRGB, D65. */
function lab(linear: number[]): number[] {
  const [r = 0, g = 0, b = 0] = linear.map((value) => Math.max(0, Math.min(1, value)));
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test.each(['dark', 'light'] as const)(
  'gain and loss of the %s theme stay apart for the colour-blind',
  (theme) => {
    const roles = tokens(theme);
    for (const matrix of Object.values(blindness)) {
      const seen = (role: string) => {
        const from = channels(roles[role] ?? '');
        return lab(
          matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * (from[i] ?? 0), 0)),
        );
      };
      const loss = seen('down');
      const distance = Math.hypot(...seen('up').map((value, i) => value - (loss[i] ?? 0)));
      expect(distance).toBeGreaterThan(30);
    }
  },
);

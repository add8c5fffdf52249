import { expect, test } from 'vitest';
import type { Mode } from '../../src-preload/contract/words.ts';
import { includedWords, usuallyIncluded } from '../../src-renderer/views/ask/panic-words.ts';

const asked = (main: Mode, mirror: Mode) => [
  { id: 'main', mode: main },
  { id: 'mirror', mode: mirror },
];

test('a close-all is for the accounts that may act, and says who is in it', () => {
  const both = asked('armed', 'armed');
  expect(usuallyIncluded(both)).toEqual(['main', 'mirror']);
  expect(includedWords(both, ['main', 'mirror'])).toBe(
    'Included: Main and Mirror. The desk refuses accounts in watch mode.',
  );
  const one = asked('armed', 'watch');
  expect(usuallyIncluded(one)).toEqual(['main']);
  expect(includedWords(one, ['main'])).not.toContain('Mirror');
});

test('an account in watch that is included all the same is named as one the desk refuses', () => {
  const none = asked('watch', 'watch');
  expect(usuallyIncluded(none)).toEqual(['main', 'mirror']);
  expect(includedWords(none, ['mirror'])).toBe(
    'Included: Mirror. The desk refuses accounts in watch mode: Mirror.',
  );
  expect(includedWords(none, [])).toContain('No account is included.');
});

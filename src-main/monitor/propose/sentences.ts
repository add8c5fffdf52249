/** A clause as a sentence of its own. */
export const sentence = (clause: string): string =>
  `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${/[.!?]$/.test(clause) ? '' : '.'}`;

/** Each once, in the order they came. */
export const each = (sentences: readonly string[]): string =>
  [...new Set(sentences.filter((one) => one !== ''))].join(' ');

/** "Withdrawn: move the stop from 59000 to 60072.1.", and why. */
export const told = (how: string, what: string, why: string): string =>
  each([`${how}: ${what.charAt(0).toLowerCase()}${what.slice(1)}`, why]);

/** A count with its noun, for sentences: "1 position", "2 positions". */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

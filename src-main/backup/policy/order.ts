/** The order in which backups were made, newest first: a wrong clock does not change it. */
export const newestFirst = (
  a: { sequence: number; madeAt: number; id: string },
  b: { sequence: number; madeAt: number; id: string },
): number => b.sequence - a.sequence || b.madeAt - a.madeAt || (a.id < b.id ? 1 : -1);

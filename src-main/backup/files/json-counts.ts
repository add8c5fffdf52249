/** Most counts kept of one file. */
const MOST = 12;

/**
 * What a person would count in a JSON file: the lengths of its arrays, by name, down to the second
 * level (`experiences: 12538`), largest first; a plain object without arrays counts its keys.
 */
export function countJson(value: unknown): Record<string, number> {
  if (Array.isArray(value)) return { items: value.length };
  if (value === null || typeof value !== 'object') return {};
  const found: [name: string, length: number][] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (Array.isArray(inner)) found.push([name, inner.length]);
    else if (inner !== null && typeof inner === 'object') {
      for (const [deeper, list] of Object.entries(inner)) {
        if (Array.isArray(list)) found.push([`${name}.${deeper}`, list.length]);
      }
    }
  }
  if (found.length === 0) return { keys: Object.keys(value).length };
  return Object.fromEntries(found.toSorted((a, b) => b[1] - a[1]).slice(0, MOST));
}

/** True when a count fell by half or more: the mark of a failed load that was saved (P42). */
export const hasShrunk = (before: Record<string, number>, after: Record<string, number>): boolean =>
  totalOf(before) > 0 && totalOf(after) * 2 <= totalOf(before);

const totalOf = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

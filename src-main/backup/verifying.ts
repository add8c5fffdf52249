import type { Backup } from './files/manifest.ts';

/** Reads one back whole and says what it found. Throws when it cannot be read. */
type Verify = (id: string) => Promise<Backup>;

/** Reads back each of these. One that goes meanwhile is left out. */
export async function verifyAll(
  rows: readonly Backup[],
  verify: Verify,
  isThere: (id: string) => boolean,
): Promise<Backup[]> {
  const checked: Backup[] = [];
  for (const { id } of rows) {
    try {
      checked.push(await verify(id));
    } catch (error) {
      if (isThere(id)) throw error;
    }
  }
  return checked;
}

/** The first of these that holds the database and proves good when read back; `null` when none does. */
export async function firstGood(rows: readonly Backup[], verify: Verify): Promise<Backup | null> {
  for (const { id, kind, verified } of rows) {
    if (kind !== 'database' || !verified) continue;
    const row = await verify(id);
    if (row.verified) return row;
  }
  return null;
}

import { z } from 'zod';
import type { BackupClass } from '../../../src-preload/contract/words.ts';
import type { Fate } from '../policy/retention.ts';
import { DATABASE } from './source.ts';

/** `<source>.YYYYMMDD_HHMMSS`, with `-2`, `-3`... when one second holds several. */
const ID = /^[a-z0-9][a-z0-9_-]{0,79}\.\d{8}_\d{6}(-\d{1,4})?$/;

export const backupClasses = [
  'routine',
  'latest',
  'manual',
  'before-restore',
  'before-upgrade',
] as const satisfies BackupClass[];

/** An installation that a folder may be named after. */
const INSTALL = /^[A-Za-z0-9_-]{1,64}$/;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** More than any backup will hold, bytes. */
const MOST_BYTES = 64 * 2 ** 30;
/** Largest protected file, bytes: it is read and parsed in memory. */
export const MOST_FILE_BYTES = 256 * 1024 * 1024;

/** The newest format there is. */
const FORMAT = 2;

const amount = z.number().int().nonnegative();
/** ms since 1970 UTC, of a year that a name can hold. */
const time = amount.max(Date.UTC(9999, 11, 31));

/** How a protected file looked when it was taken, so that it comes back as it was. */
const looks = z.object({ mode: amount, uid: amount, gid: amount, changedAt: time });

export type Looks = z.infer<typeof looks>;

/** What lies beside every backup as `<id>.json`: what it holds and how to tell that it still does. */
export const manifestSchema = z.object({
  format: z.literal('holdfast-backup'),
  /**
   * Of the manifest and the stored file: 1 is one zstd frame with checksum, 2 a list of parts that lie in
   * `objects/<installId>`.
   */
  formatVersion: z.union([z.literal(1), z.literal(2)]),
  id: z.string().regex(ID),
  source: z.string().min(1).max(80),
  kind: z.enum(['database', 'file']),
  /** Where the source lay when this was made. */
  sourcePath: z.string(),
  class: z.enum(backupClasses),
  reason: z.string(),
  note: z.string().nullable(),
  /** ms since 1970 UTC, by a clock that may be wrong: for display. What came first, `sequence` tells. */
  madeAt: time,
  /** Counts up with each backup of this vault; 0 when it was made elsewhere or before this was kept. */
  sequence: amount.default(0),
  programVersion: z.string(),
  /** Of the database inside; `null` for a file. */
  schemaVersion: amount.nullable(),
  /** Which installation made it; only that one ever deletes it. */
  installId: z.string(),
  /** Bytes unpacked, and the SHA-256 of that. */
  size: amount.max(MOST_BYTES),
  contentSha256: hash,
  /** Bytes as stored of all that it needs, and of that what making it added. */
  storedSize: amount.max(MOST_BYTES),
  newSize: amount.max(MOST_BYTES).nullable().default(null),
  /** Of the stored file: its SHA-256, and of a list of parts its bytes. */
  sha256: hash,
  listSize: amount.nullable().default(null),
  /** Of a database: digest of what matters in it, the same while nothing happens. See `meaningOf`. */
  meaning: hash.nullable().default(null),
  /** Of a file. */
  looks: looks.nullable().default(null),
  counts: z.record(z.string(), amount),
  /** ms since 1970 UTC of the newest event inside. */
  newestEventAt: time.nullable(),
  verifiedAt: time.nullable(),
  verified: z.boolean(),
  /** How it was last verified: at the end of making it, by the weekly look, or on demand. */
  verifiedHow: z.enum(['made', 'weekly', 'asked']).nullable(),
  verifyError: z.string().nullable(),
  pinned: z.boolean(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** A backup as the screens see it. */
export interface Backup extends Manifest {
  /** Name of the stored file inside the vault. */
  file: string;
  /** What the policy would do with it now, and why. */
  fate: Pick<Fate, 'keep' | 'why'>;
}

export const isBackupId = (text: string): boolean => ID.test(text);
export const storedName = (id: string): string => `${id}.backup`;
export const manifestName = (id: string): string => `${id}.json`;
export const sourceOfId = (id: string): string => id.slice(0, id.indexOf('.'));

/** The first free id of that source and second; names are in local time, for people. */
export function freeId(source: string, madeAt: number, taken: (id: string) => boolean): string {
  const at = new Date(madeAt);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const plain = `${source}.${day}_${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  for (let count = 1; ; count++) {
    const id = count === 1 ? plain : `${plain}-${count}`;
    if (!taken(id)) return id;
  }
}

/**
 * Reads a manifest's text. `unusable` is a sentence for the operator: such a backup is listed but
 * neither restored nor ever deleted by the program.
 */
export function readManifest(
  id: string,
  text: string,
): { manifest: Manifest } | { unusable: string; newer?: true } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { unusable: 'Its manifest is damaged and cannot be read.' };
  }
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === 'number' && version > FORMAT) {
    const unusable = 'It was made by a newer version of Holdfast. Update Holdfast to use it.';
    return { unusable, newer: true };
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) return { unusable: 'Its manifest was not written by Holdfast.' };
  if (parsed.data.id !== id || parsed.data.source !== sourceOfId(id)) {
    return { unusable: 'Its manifest belongs to another backup.' };
  }
  const { source, kind, schemaVersion, size } = parsed.data;
  const database = source === DATABASE;
  if (database !== (kind === 'database') || database !== (schemaVersion !== null)) {
    return { unusable: 'Its manifest contradicts itself: its source is not of its kind.' };
  }
  const { formatVersion, installId, listSize } = parsed.data;
  if (formatVersion === 2 && (listSize === null || !INSTALL.test(installId))) {
    return { unusable: 'Its manifest contradicts itself: it does not say where its parts are.' };
  }
  if (kind === 'file' && size > MOST_FILE_BYTES) {
    return { unusable: 'It claims to be larger than a protected file may be.' };
  }
  return { manifest: parsed.data };
}

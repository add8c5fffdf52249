import { readFileSync } from 'node:fs';

const kinds = [
  'create',
  'write',
  'truncate',
  'rename',
  'unlink',
  'mkdir',
  'rmdir',
  'link',
  'sync',
  'said',
] as const;

/** One call that changed a file, as the shim recorded it, in the order of all threads. */
export interface FileCall {
  kind: (typeof kinds)[number];
  path: string;
  /** The new name of a rename or link. */
  second: string;
  inode: bigint;
  /** Where a write begins, or the new length of a truncate. */
  offset: number;
  data: Buffer;
}

const HEAD = 32;

export function readCallLog(path: string): FileCall[] {
  const bytes = readFileSync(path);
  const calls: FileCall[] = [];
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const [kind, first, second, length] = [0, 4, 8, 12].map((step) =>
      bytes.readUInt32LE(at + step),
    ) as [number, number, number, number];
    const start = at + HEAD;
    const end = start + first + second + length;
    if (end > bytes.length) break; // killed while recording
    calls.push({
      kind: kinds[kind - 1] as FileCall['kind'],
      path: bytes.toString('utf8', start, start + first),
      second: bytes.toString('utf8', start + first, start + first + second),
      inode: bytes.readBigUInt64LE(at + 16),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      data: bytes.subarray(end - length, end),
    });
    at = end;
  }
  return calls;
}

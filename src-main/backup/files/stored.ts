import { createHash, hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { Failure } from '../../domain/failure.ts';
import { diskFailure } from './disk.ts';
import type { Manifest } from './manifest.ts';

/** What tells a stored file from any other: one zstd frame with checksum, hashed inside and out. */
export type Packed = Pick<Manifest, 'size' | 'storedSize' | 'sha256' | 'contentSha256'>;

const options = {
  chunkSize: 1 << 18,
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    // Without it a flipped bit is unpacked with no error.
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

/** Streams a file into one zstd frame, hashing both sides. */
export async function pack(from: string, target: string): Promise<Packed> {
  const content = meter();
  const stored = meter();
  try {
    await pipeline(
      createReadStream(from, { highWaterMark: 1 << 20 }),
      content.through,
      createZstdCompress(options),
      stored.through,
      createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }),
    );
  } catch (error) {
    throw diskFailure(error, 'write the backup');
  }
  return {
    size: content.size(),
    storedSize: stored.size(),
    contentSha256: content.sha256(),
    sha256: stored.sha256(),
  };
}

/** The same for content in memory. */
export async function packBuffer(content: Buffer, target: string): Promise<Packed> {
  const stored = meter();
  const compress = createZstdCompress(options);
  compress.end(content);
  try {
    const file = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(compress, stored.through, file);
  } catch (error) {
    throw diskFailure(error, 'write the backup');
  }
  return {
    size: content.length,
    storedSize: stored.size(),
    contentSha256: hash('sha256', content, 'hex'),
    sha256: stored.sha256(),
  };
}

/** Counts and hashes what flows through, and stops what is more than `most` bytes. */
function meter(most = Number.POSITIVE_INFINITY): {
  through: Transform;
  size: () => number;
  sha256: () => string;
} {
  const digest = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      size += chunk.length;
      if (size > most) done(new TooMuch());
      else done(null, chunk);
    },
  });
  return { through, size: () => size, sha256: () => digest.digest('hex') };
}

/** A backup is published only after it was read back from the disk and unpacked whole. */
export async function proveStored(target: string, packed: Packed): Promise<void> {
  const problem = await unpackStored(target, packed, null);
  if (problem !== null) throw new Failure('REFUSED', problem);
}

/**
 * Reads a stored backup whole, holding it against its manifest from the outside in, and writes its
 * content to the new file `target`, synced (`null`: nowhere). It is streamed, so that what claims to
 * be large costs no memory. Returns what is wrong with the backup, `null` when nothing is; a disk that
 * refuses throws, as it says nothing about the backup.
 */
export async function unpackStored(
  path: string,
  expected: Packed,
  target: string | null,
): Promise<string | null> {
  const refusal = await strangeFile(path, expected.storedSize);
  if (refusal !== null) return refusal;
  try {
    if ((await hashFile(path)) !== expected.sha256) {
      return 'It has been changed or damaged since it was made: its checksum differs.';
    }
    const content = meter(expected.size);
    const sink = target
      ? createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true })
      : new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 20 }),
      createZstdDecompress({ chunkSize: 1 << 20 }),
      content.through,
      sink,
    );
    const same = content.size() === expected.size && content.sha256() === expected.contentSha256;
    return same ? null : 'Its content differs from its manifest.';
  } catch (error) {
    if (error instanceof TooMuch) return 'It contains more than its manifest says.';
    if (/^Z(STD)?_/.test(String((error as NodeJS.ErrnoException).code))) {
      return 'It is not a Holdfast backup: it cannot be unpacked.';
    }
    throw diskFailure(error, 'unpack the backup');
  }
}

class TooMuch extends Error {}

async function strangeFile(path: string, storedSize: number): Promise<string | null> {
  let found: Awaited<ReturnType<typeof lstat>>;
  try {
    found = await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'Its file is missing.';
    throw diskFailure(error, 'read the backup');
  }
  if (!found.isFile()) return 'Its file was replaced by a link or a folder.';
  if (found.size === 0) return 'Its file is empty (0 bytes).';
  if (found.size < storedSize) {
    return `Its file is cut short: ${found.size} of ${storedSize} bytes.`;
  }
  if (found.size > storedSize) {
    return `Its file is longer than when it was made: ${found.size} instead of ${storedSize} bytes.`;
  }
  return null;
}

/** SHA-256 of a file of any size, as hex. */
export async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(chunk as Buffer);
  }
  return digest.digest('hex');
}

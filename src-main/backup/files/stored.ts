import { createHash, hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, open, readFile } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, zstdDecompressSync } from 'node:zlib';
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

/** Counts and hashes what flows through. */
function meter(): { through: Transform; size: () => number; sha256: () => string } {
  const digest = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { through, size: () => size, sha256: () => digest.digest('hex') };
}

/** A backup is published only after it was read back from the disk and unpacked whole. */
export async function proveStored(target: string, packed: Packed): Promise<void> {
  const opened = await openStored(target, packed);
  if ('problem' in opened) throw new Failure('REFUSED', opened.problem);
}

/** Reads a stored backup whole, holding it against its manifest from the outside in. */
export async function openStored(
  path: string,
  expected: Packed,
): Promise<{ content: Buffer } | { problem: string }> {
  const refusal = await strangeFile(path, expected.storedSize);
  if (refusal !== null) return { problem: refusal };
  let stored: Buffer;
  try {
    stored = await readFile(path);
  } catch (error) {
    return { problem: diskFailure(error, 'read the backup').message };
  }
  if (hash('sha256', stored, 'hex') !== expected.sha256) {
    return { problem: 'It has been changed or damaged since it was made: its checksum differs.' };
  }
  let content: Buffer;
  try {
    content = zstdDecompressSync(stored, {
      chunkSize: 1 << 20,
      maxOutputLength: Math.max(expected.size, 1),
    });
  } catch (error) {
    return {
      problem:
        (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? 'It contains more than its manifest says.'
          : 'It is not a Holdfast backup: it cannot be unpacked.',
    };
  }
  if (
    content.length !== expected.size ||
    hash('sha256', content, 'hex') !== expected.contentSha256
  ) {
    return { problem: 'Its content differs from its manifest.' };
  }
  return { content };
}

async function strangeFile(path: string, storedSize: number): Promise<string | null> {
  let found: Awaited<ReturnType<typeof lstat>>;
  try {
    found = await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'Its file is missing.';
    return diskFailure(error, 'read the backup').message;
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

/** Writes a whole file to the disk, and past its cache. */
export async function writeContent(path: string, content: Buffer): Promise<void> {
  try {
    const handle = await open(path, 'w', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskFailure(error, 'unpack the backup');
  }
}

/** SHA-256 of a file of any size, as hex. */
export async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(chunk as Buffer);
  }
  return digest.digest('hex');
}

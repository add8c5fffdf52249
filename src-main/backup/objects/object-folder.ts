import { hash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { makeFolder, syncFile } from '../../persistence/file/folder.ts';
import { FRESH, isMissing, PARTIAL, PLAINLY } from '../disk.ts';

/** Where the objects of one installation lie in a vault, so that each clears up only its own. */
export const objectsIn = (vault: string, installId: string): string =>
  join(vault, 'objects', installId);

const NAME = /^[0-9a-f]{64}$/;
export const isObject = (name: string): boolean => NAME.test(name);
export const isUnfinishedObject = (name: string): boolean =>
  name.endsWith(PARTIAL) && isObject(name.slice(0, -PARTIAL.length));

/** Most that an object holds, unpacked and as stored, bytes. */
const MOST = 8 * 1024 * 1024;
/** Objects kept unpacked: neighbours are read from the same few. */
const AT_HAND = 8;

/** An object that is not there, or not what its name says. */
export class BadObject extends Error {
  readonly object: string;
  constructor(object: string, what: string) {
    super(`A part of it is ${what}: object ${object}.`);
    this.object = object;
  }
}

const packing = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

export interface ObjectFolder {
  folder: string;
  /** What an object holds. Throws `BadObject` where it is not what its name says. */
  read(name: string): Buffer;
  /** Bytes of an object as stored. */
  sizeOf(name: string): number;
  /** Stores content under its hash, in place of what lies there; synced once `sync` was called. */
  write(content: Buffer): { name: string; storedSize: number };
  /** The packed object as it lies there, proved. */
  readStored(name: string): Buffer;
  /** Puts a packed object there, read from another folder. */
  writeStored(name: string, stored: Buffer): void;
  /** Makes the names of what was written durable. */
  sync(): void;
}

/**
 * A folder of objects: each one zstd frame, named by the SHA-256 of what it holds. To be used in a
 * worker's thread, as it waits for the disk.
 */
export function openObjects(folder: string): ObjectFolder {
  const at = (name: string): string => join(folder, name);
  const atHand = new Map<string, Buffer>();
  let made = false;

  function readStored(name: string): { stored: Buffer; content: Buffer } {
    const stored = packedAt(at(name), name);
    let content: Buffer;
    try {
      content = zstdDecompressSync(stored, { maxOutputLength: MOST });
    } catch {
      throw new BadObject(name, 'damaged');
    }
    if (hash('sha256', content, 'hex') !== name) throw new BadObject(name, 'damaged');
    return { stored, content };
  }

  function writeStored(name: string, stored: Buffer): void {
    made ||= makeFolder(folder) || true;
    const partial = at(name + PARTIAL);
    const file = openSync(partial, FRESH, 0o600);
    try {
      writeFileSync(file, stored);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, at(name));
  }

  return {
    folder,
    read(name) {
      const known = atHand.get(name);
      if (known) return known;
      const { content } = readStored(name);
      const [oldest] = atHand.keys();
      if (atHand.size >= AT_HAND && oldest !== undefined) atHand.delete(oldest);
      atHand.set(name, content);
      return content;
    },
    sizeOf: (name) => statSync(at(name)).size,
    write(content) {
      const name = hash('sha256', content, 'hex');
      const stored = zstdCompressSync(content, packing);
      writeStored(name, stored);
      return { name, storedSize: stored.length };
    },
    readStored: (name) => readStored(name).stored,
    writeStored,
    sync() {
      if (made) syncFile(folder);
    },
  };
}

function packedAt(path: string, name: string): Buffer {
  let file: number;
  try {
    file = openSync(path, PLAINLY);
  } catch (error) {
    if (isMissing(error)) throw new BadObject(name, 'missing');
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') throw new BadObject(name, 'a link');
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > MOST) throw new BadObject(name, 'damaged');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

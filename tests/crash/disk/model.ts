import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FileCall } from './call-log.ts';

/** What a file lost or gained since it was last synced, in order. */
type Change = { at: number; data: Buffer } | { length: number };

interface FileNode {
  kind: 'file';
  synced: Buffer;
  pending: Change[];
  /** When it was last written, ms, while nothing has been written to it here. */
  since: number | null;
}

interface FolderNode {
  kind: 'folder';
  synced: Map<string, Node>;
  /** Each is one change of names: a rename sets two at once. */
  pending: { name: string; node: Node | null }[][];
}

type Node = FileNode | FolderNode;

/** How many of the changes that nothing has synced reached the disk, of so many there are. */
export type Luck = (pending: number, of: 'names' | 'data') => { kept: number; torn: boolean };

/** What a program finds that was killed while the machine went on. */
export const everything: Luck = (pending) => ({ kept: pending, torn: false });

/**
 * A disk that remembers what was synced and what was not. Syncing a file makes its content durable but
 * not its name; syncing a folder makes its names durable. What was not synced may have arrived up to
 * any point, in its own order: each file's writes for themselves, the last one perhaps in part, each
 * folder's names for themselves.
 */
export class ModelDisk {
  readonly #root: string;
  readonly #top: FolderNode;

  /** Begins with what lies in a folder, all of it durable. */
  constructor(root: string, template: string) {
    this.#root = root;
    this.#top = read(template);
  }

  apply(call: FileCall): void {
    if (call.kind === 'said') return;
    if (call.kind === 'sync') return this.#sync(call.path);
    const folder = this.#folder(dirname(call.path));
    const name = basename(call.path);
    const node = live(folder).get(name);
    switch (call.kind) {
      case 'create':
        folder.pending.push([
          { name, node: { kind: 'file', synced: Buffer.alloc(0), pending: [], since: null } },
        ]);
        return;
      case 'mkdir':
        folder.pending.push([{ name, node: { kind: 'folder', synced: new Map(), pending: [] } }]);
        return;
      case 'unlink':
      case 'rmdir':
        folder.pending.push([{ name, node: null }]);
        return;
      case 'rename':
      case 'link': {
        const target = this.#folder(dirname(call.second));
        if (!node) throw new Error(`${call.path} is not there to be renamed.`);
        const arrives = { name: basename(call.second), node };
        if (call.kind === 'link') target.pending.push([arrives]);
        else if (target === folder) folder.pending.push([arrives, { name, node: null }]);
        else {
          target.pending.push([arrives]);
          folder.pending.push([{ name, node: null }]);
        }
        return;
      }
      default:
        // A file whose name is gone may still be written to; nothing of that can ever be seen.
        if (node?.kind !== 'file') return;
        node.since = null;
        node.pending.push(
          call.kind === 'write' ? { at: call.offset, data: call.data } : { length: call.offset },
        );
    }
  }

  /** Writes what this disk may hold after the power failed now. */
  writeTo(target: string, luck: Luck): void {
    write(this.#top, target, luck);
  }

  #sync(path: string): void {
    const node =
      path === this.#root ? this.#top : live(this.#folder(dirname(path))).get(basename(path));
    if (!node) return;
    if (node.kind === 'folder') node.synced = live(node);
    else node.synced = content(node, node.pending.length, false);
    node.pending = [];
  }

  #folder(path: string): FolderNode {
    const steps = path.slice(this.#root.length).split('/').filter(Boolean);
    return steps.reduce((folder, step) => {
      const next = live(folder).get(step);
      if (next?.kind !== 'folder') throw new Error(`${path} is not a folder.`);
      return next;
    }, this.#top);
  }
}

function read(path: string): FolderNode {
  const entries = readdirSync(path, { withFileTypes: true }).map((entry): [string, Node] => {
    const full = join(path, entry.name);
    return [
      entry.name,
      entry.isDirectory()
        ? read(full)
        : {
            kind: 'file',
            synced: readFileSync(full),
            pending: [],
            since: statSync(full).mtimeMs,
          },
    ];
  });
  return { kind: 'folder', synced: new Map(entries), pending: [] };
}

function names(folder: FolderNode, kept: number): Map<string, Node> {
  const found = new Map(folder.synced);
  for (const { name, node } of folder.pending.slice(0, kept).flat()) {
    if (node) found.set(name, node);
    else found.delete(name);
  }
  return found;
}

const live = (folder: FolderNode): Map<string, Node> => names(folder, folder.pending.length);

function content(file: FileNode, kept: number, torn: boolean): Buffer {
  let bytes = Buffer.from(file.synced);
  const grow = (length: number): void => {
    if (length > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
  };
  for (const [index, change] of file.pending.slice(0, kept).entries()) {
    if ('length' in change) {
      grow(change.length);
      bytes = Buffer.from(bytes.subarray(0, change.length));
      continue;
    }
    const half = torn && index === kept - 1;
    const data = half ? change.data.subarray(0, sectors(change.data.length)) : change.data;
    grow(change.at + data.length);
    data.copy(bytes, change.at);
  }
  return bytes;
}

/** Half of a write that was torn: whole sectors of 512 bytes, as disks keep them. */
const sectors = (length: number): number => Math.floor(length / 2 / 512) * 512;

function write(folder: FolderNode, target: string, luck: Luck): void {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const [name, node] of names(folder, luck(folder.pending.length, 'names').kept)) {
    const path = join(target, name);
    if (node.kind === 'folder') {
      write(node, path, luck);
      continue;
    }
    const { kept, torn } = luck(node.pending.length, 'data');
    writeFileSync(path, content(node, kept, torn), { mode: 0o600 });
    if (node.since !== null) utimesSync(path, node.since / 1_000, node.since / 1_000);
  }
}

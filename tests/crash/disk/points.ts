import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sentenceOf } from '../../../src-main/domain/failure.ts';
import { seeded } from '../backup-killing.ts';
import type { FileCall } from './call-log.ts';
import { everything, type Luck, ModelDisk } from './model.ts';
import type { Verdict } from './operations.ts';
import { Slot } from './slot.ts';

/** One call of one operation, and what becomes of it. */
export interface Point {
  name: string;
  /** From 1. */
  call: number;
  /** Killed before it, killed after half of it, or refused with an errno. */
  how: 'kill' | 'tear' | number;
  /** After a kill: how far into its calls the start that follows is killed too, from 0 to 1. */
  deeper: number;
}

/** A power cut during an undisturbed run. */
export interface Cut {
  name: string;
  /** How far into its calls, from 0 to 1. */
  at: number;
  /** Which of the kinds of luck; the seed says how much of it. */
  luck: number;
  seed: number;
  /** Nothing was ever synced: the control. */
  unsynced?: boolean;
}

/** From nothing to everything that was not synced, and what lies between. */
const lucks = (random: () => number): Luck[] => {
  const some: Luck = (pending) => ({
    kept: Math.floor(random() * (pending + 1)),
    torn: random() < 0.5,
  });
  return [
    () => ({ kept: 0, torn: false }),
    everything,
    (pending, of) => ({ kept: of === 'names' ? pending : 0, torn: false }),
    (pending, of) => ({ kept: of === 'data' ? pending : 0, torn: false }),
    some,
    some,
  ];
};
export const KINDS_OF_LUCK = lucks(Math.random).length;

/** Calls of a start in a process of its own, at most. */
const DEEPEST_START = 60;

interface Ground {
  slot: Slot;
  /** Those of an undisturbed run. */
  calls: FileCall[];
}

/**
 * Goes through points, many in one process, in which the shim must be loaded. What a killed process
 * leaves behind is what its calls had changed until then, so one undisturbed run that was recorded gives
 * the disks of all its kills; so does the start that follows for the second kill. A call that is refused
 * is refused in this process. `alone` does all of it in processes of their own, which are killed.
 */
export class Points {
  readonly #shim: string;
  readonly #grounds = new Map<string, Promise<Ground>>();

  constructor(shim: string) {
    this.#shim = shim;
  }

  async callsOf(name: string): Promise<FileCall['kind'][]> {
    return (await this.#ground(name)).calls.map(({ kind }) => kind);
  }

  async survive(point: Point, alone: boolean): Promise<Verdict> {
    try {
      const ground = await this.#ground(point.name);
      if (alone) return await inProcesses(ground.slot, point);
      return await (typeof point.how === 'number' ? refused : killed)(ground, point);
    } catch (error) {
      return { lost: [], mixed: [], corrupt: [sentenceOf(error)] };
    }
  }

  /** What the disk then holds: what was synced, and of the rest as much as luck would have it. */
  async failPower({ name, at, luck, seed, unsynced }: Cut): Promise<Verdict> {
    try {
      const { slot, calls } = await this.#ground(name);
      const done = unsynced
        ? calls.filter(({ kind }) => kind !== 'sync')
        : calls.slice(0, 1 + Math.floor(at * calls.length));
      const disk = new ModelDisk(slot.root, slot.template);
      for (const call of done) disk.apply(call);
      slot.hold(disk, lucks(seeded(seed))[luck] as Luck);
      return await slot.inspect(done.flatMap(saidIn));
    } catch (error) {
      return { lost: [], mixed: [], corrupt: [sentenceOf(error)] };
    }
  }

  async close(): Promise<void> {
    for (const ground of this.#grounds.values()) (await ground).slot.remove();
  }

  #ground(name: string): Promise<Ground> {
    const there = this.#grounds.get(name) ?? prepare(this.#shim, name);
    this.#grounds.set(name, there);
    return there;
  }
}

async function prepare(shim: string, name: string): Promise<Ground> {
  const slot = await Slot.prepare(shim, name);
  const calls = await slot.record();
  const left = contentOf(slot.root);
  const disk = new ModelDisk(slot.root, slot.template);
  for (const call of calls) disk.apply(call);
  slot.hold(disk, everything);
  const rebuilt = contentOf(slot.root);
  const names = [...new Set([...left.keys(), ...rebuilt.keys()])];
  const wrong = names.filter((file) => left.get(file) !== rebuilt.get(file));
  if (wrong.length > 0) throw new Error(`${name}: not all was recorded of ${wrong.join(', ')}`);
  return { slot, calls };
}

const contentOf = (root: string): Map<string, string> =>
  new Map(
    readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), entry.isFile() ? readFileSync(path, 'latin1') : 'folder'];
    }),
  );

const saidIn = ({ kind, data }: FileCall): string[] =>
  kind === 'said' ? data.toString().split('\n').filter(Boolean) : [];

async function killed({ slot, calls }: Ground, { call, how, deeper }: Point): Promise<Verdict> {
  const disk = new ModelDisk(slot.root, slot.template);
  const said: string[] = [];
  let n = 0;
  for (const one of calls) {
    said.push(...saidIn(one));
    if (one.kind === 'said') continue;
    if (++n < call) {
      disk.apply(one);
      continue;
    }
    if (how === 'tear') disk.apply({ ...one, data: one.data.subarray(0, one.data.length / 2) });
    break;
  }
  slot.hold(disk, everything);
  const start = await slot.startHere();
  for (const one of start.slice(0, Math.floor(deeper * (start.length + 1)))) disk.apply(one);
  slot.hold(disk, everything);
  return slot.inspect(said);
}

async function refused({ slot }: Ground, { call, how }: Point): Promise<Verdict> {
  slot.reset();
  return judged(slot, await slot.runHere({ call, how }));
}

async function inProcesses(slot: Slot, { call, how, deeper }: Point): Promise<Verdict> {
  slot.reset();
  const ended = await slot.run({ at: { call, how } });
  const kill = typeof how === 'string';
  const strange = kill ? ![null, 0].includes(ended.code) : ![0, 3].includes(ended.code ?? -1);
  if (kill && ended.code === null) {
    const second = 1 + Math.floor(deeper * DEEPEST_START);
    await slot.run({ at: { call: second, how: 'kill' } }, 'start');
  }
  const verdict = await judged(slot, ended.said);
  if (strange) verdict.corrupt.push(`It ended with ${ended.code}: ${ended.errors.slice(-400)}`);
  return verdict;
}

async function judged(slot: Slot, said: readonly string[]): Promise<Verdict> {
  const verdict = await slot.inspect(said);
  if (said.includes('stuck')) verdict.lost.push('saving stopped');
  return verdict;
}

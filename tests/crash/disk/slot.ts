import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentenceOf } from '../../../src-main/domain/failure.ts';
import { type FileCall, readCallLog } from './call-log.ts';
import type { Luck, ModelDisk } from './model.ts';
import { inspect, perform, prepare, startAgain, type Verdict } from './operations.ts';
import { type Ended, runWatched } from './shim.ts';
import { type Watching, watched } from './watching.ts';

const child = join(
  import.meta.dirname,
  import.meta.url.endsWith('.ts') ? './operations-child.ts' : './operations-child.js',
);

/** Memory holds a disk as well as a disk does, where there is enough of it. */
const place = (): string => {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 31 ? memory : tmpdir();
};

/** One operation laid out on the disk, to be begun anew as often as needed, always at the same path. */
export class Slot {
  readonly name: string;
  /** Where it runs. */
  readonly root: string;
  /** What it begins with. */
  readonly template: string;
  readonly #base: string;
  readonly #shim: string;

  private constructor(shim: string, name: string) {
    this.#shim = shim;
    this.name = name;
    this.#base = mkdtempSync(join(place(), `holdfast-crash-${name}-`));
    this.root = join(this.#base, 'disk');
    this.template = join(this.#base, 'template');
    mkdirSync(this.root, { mode: 0o700 });
  }

  static async prepare(shim: string, name: string): Promise<Slot> {
    const slot = new Slot(shim, name);
    await prepare(name, slot.root);
    cpSync(slot.root, slot.template, { recursive: true, preserveTimestamps: true });
    return slot;
  }

  /** Begins with the template again. */
  reset(): void {
    this.empty();
    cpSync(this.template, this.root, { recursive: true, preserveTimestamps: true });
  }

  empty(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Puts on the disk what it would hold. */
  hold(disk: ModelDisk, luck: Luck): void {
    this.empty();
    disk.writeTo(this.root, luck);
  }

  /** Runs it in a process of its own, which may be killed. */
  run(watching: Omit<Watching, 'root'> = {}, script = 'run'): Promise<Ended> {
    const args = [this.name, this.root, script];
    return runWatched(this.#shim, child, args, { root: this.root, ...watching });
  }

  /** Every call of an undisturbed run, in order. Throws when that run fails. */
  async record(): Promise<FileCall[]> {
    this.reset();
    const log = join(this.#base, 'calls');
    const { code, said, errors } = await this.run({ log });
    if (code !== 0) throw new Error(`${this.name} fails undisturbed: ${said.join('; ')} ${errors}`);
    return readCallLog(log);
  }

  /** Runs it in this process with a call refused, and answers what was said. */
  async runHere(at: Watching['at']): Promise<string[]> {
    const said: string[] = [];
    await watched({ root: this.root, at }, () =>
      perform(this.name, this.root, (line) => said.push(line)),
    ).catch((error: unknown) => said.push(`failed ${sentenceOf(error)}`));
    return said;
  }

  /** Starts in this process on what is there, and answers its calls. */
  async startHere(): Promise<FileCall[]> {
    const log = join(this.#base, 'calls');
    await watched({ root: this.root, log }, () => startAgain(this.name, this.root)).catch(() => {});
    return readCallLog(log);
  }

  /** Starts on what is there and holds it against what was said. */
  inspect(said: readonly string[]): Promise<Verdict> {
    return inspect(this.name, this.root, said);
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true });
  }
}

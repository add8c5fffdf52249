import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileCall, readCallLog } from './call-log.ts';
import { inspect, prepare, type Verdict } from './operations.ts';
import { type Ended, runWatched, type Watching } from './shim.ts';

const child = join(import.meta.dirname, './operations-child.ts');

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
    this.#base = mkdtempSync(join(tmpdir(), `holdfast-crash-${name}-`));
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

  run(watching: Omit<Watching, 'root'> = {}, script = 'run'): Promise<Ended> {
    const args = [this.name, this.root, script];
    return runWatched(this.#shim, child, args, { root: this.root, ...watching });
  }

  /** Every call of an undisturbed run, in order. Throws when that run fails. */
  async record(watching: Omit<Watching, 'root' | 'log'> = {}): Promise<FileCall[]> {
    this.reset();
    const log = join(this.#base, 'calls');
    const { code, said, errors } = await this.run({ ...watching, log });
    if (code !== 0) throw new Error(`${this.name} fails undisturbed: ${said.join('; ')} ${errors}`);
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

import { type ChildProcess, fork } from 'node:child_process';
import type { FileCall } from './call-log.ts';
import type { Verdict } from './operations.ts';
import type { Point } from './points.ts';
import type { Answer, Question } from './points-child.ts';
import { preloading } from './watching.ts';

/** Longer than any point takes, ms. */
const PATIENCE = 120_000;
/** Points of one process; what a refused call leaves open in it cannot add up. */
const MOST = 300;

/** A process that goes through points, replaced by another when it ends or hangs. */
export class Company {
  readonly #script: string;
  readonly #shim: string;
  #child: ChildProcess | null = null;
  #asked = 0;

  constructor(script: string, shim: string) {
    this.#script = script;
    this.#shim = shim;
  }

  async callsOf(name: string): Promise<FileCall['kind'][]> {
    const answer = await this.#ask({ callsOf: name });
    if (answer === null) throw new Error(`${name} does not run undisturbed.`);
    return answer as FileCall['kind'][];
  }

  async survive(point: Point, alone: boolean): Promise<Verdict> {
    const answer = await this.#ask({ point, alone });
    if (answer) return answer as Verdict;
    return { lost: [], mixed: [], corrupt: ['The process ended or hung.'] };
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    this.#asked = 0;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.connected) child.disconnect();
    else if (child.exitCode !== null || child.signalCode !== null) return;
    await ended;
  }

  /** Null when there was no answer. */
  async #ask(question: Question): Promise<Answer | null> {
    if (this.#asked++ === MOST) await this.close();
    const child = (this.#child ??= fork(this.#script, [this.#shim], {
      env: { ...process.env, ...preloading(this.#shim) },
    }));
    const { promise, resolve } = Promise.withResolvers<Answer | null>();
    const gone = (): void => resolve(null);
    const patience = setTimeout(gone, PATIENCE);
    child.once('message', resolve);
    child.once('exit', gone);
    child.send(question);
    const answer = await promise;
    clearTimeout(patience);
    child.off('message', resolve);
    child.off('exit', gone);
    if (answer === null) {
      child.kill('SIGKILL');
      this.#child = null;
      this.#asked = 0;
    }
    return answer;
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { bundled } from './bundle.ts';
import type { FileCall } from './call-log.ts';
import type { Verdict } from './operations.ts';
import type { Cut, Point } from './points.ts';
import type { Answer, Question } from './points-child.ts';
import { preloading } from './watching.ts';

/** Longer than any point takes, ms. */
const PATIENCE = 120_000;
/** Points of one process; what a refused call leaves open in it cannot add up. */
const MOST = 300;
const PROCESSES = 2;

/** A process that goes through points, replaced by another when it ends or hangs. */
class Company {
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
    return verdictOf(await this.#ask({ point, alone }));
  }

  async failPower(cut: Cut): Promise<Verdict> {
    return verdictOf(await this.#ask({ cut }));
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

const verdictOf = (answer: Answer | null): Verdict =>
  (answer as Verdict | null) ?? { lost: [], mixed: [], corrupt: ['The process ended or hung.'] };

/** What is wrong, whatever it is. */
export const wrongIn = ({ corrupt, lost, mixed }: Verdict): string[] => [
  ...corrupt,
  ...lost,
  ...mixed,
];

/** Both of two processes, each taking the next piece of work when it has done one. */
export class Companies {
  readonly #program: Awaited<ReturnType<typeof bundled>>;
  readonly #companies: readonly Company[];

  private constructor(program: Awaited<ReturnType<typeof bundled>>, shim: string) {
    this.#program = program;
    this.#companies = Array.from(
      { length: PROCESSES },
      () => new Company(program.script('points-child'), shim),
    );
  }

  static async start(shim: string): Promise<Companies> {
    return new Companies(await bundled(), shim);
  }

  async share<Work>(
    work: Iterable<Work>,
    one: (company: Company, work: Work) => Promise<void>,
  ): Promise<void> {
    const next = Iterator.from(work);
    await Promise.all(
      this.#companies.map(async (company) => {
        for (const piece of next) await one(company, piece);
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#companies.map((company) => company.close()));
    this.#program.remove();
  }
}

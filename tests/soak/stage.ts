import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountConfig } from '../../src-main/desk/accounts/accounts-file.ts';
import { createDesk } from '../../src-main/desk/create-desk.ts';
import type { Desk } from '../../src-main/desk/desk.ts';
import type { Log } from '../../src-main/domain/log.ts';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { openExchange } from '../../src-main/practice/open.ts';
import type { ScenarioName } from '../../src-main/practice/scenario/names.ts';
import type { World } from '../../src-main/practice/world.ts';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import type { SliceName, SliceValue } from '../../src-preload/contract/slices.ts';
import { type ProcessTime, processTime } from '../support/in-process/time.ts';
import { openWires } from '../support/in-process/wires.ts';
import { ROUGH } from '../support/rough.ts';

/** The whole desk as it ships and a practice exchange, in one process and on one virtual clock. */
export interface Stage {
  time: ProcessTime;
  world: World;
  dataDir: string;
  /** A file that is not the desk's own, for it to protect. */
  notes: string;
  do<Name extends CommandName>(
    command: Name,
    input: CommandInput<Name>,
  ): Promise<CommandOutput<Name>>;
  slice<Name extends SliceName>(name: Name): Promise<SliceValue<Name>>;
  /** Lets time go on by so many ms; `look` is called whenever all has come to rest. */
  pass(ms: number, look?: () => void): Promise<void>;
  /** Ends the desk; what happens until it starts again on the same folder happens in its absence. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Ends the desk with everything on the disk; the folder stays until `clear`. */
  stop(): Promise<void>;
  clear(): void;
}

/** How often prices move, ms: a hundredth of the work, and a walk of the same width over an hour. */
const BEAT_MS = 10_000;
/** A folder in memory where there is one: what is asked here is not how fast a disk is. */
const FOLDERS = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export async function openStage(options: {
  seed: number;
  accounts: number;
  tape?: string | undefined;
  /** What is held at the start: a desk of 30 positions per account unless said. */
  scenario?: ScenarioName;
  log: Log;
  /** Told of what the exchange warns of. */
  onWarning: (text: string) => void;
  onFrame: (frame: Frame) => void;
}): Promise<Stage> {
  const folder = mkdtempSync(join(FOLDERS, 'holdfast soak '));
  const dataDir = join(folder, 'data');
  const time = processTime(undefined, { machine: true });
  const wires = openWires(time);
  const exchange = await openExchange({
    seed: options.seed,
    accounts: options.accounts,
    ...(options.tape === undefined ? {} : { tape: options.tape }),
    ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
    beatMs: BEAT_MS,
    ...ROUGH,
    timers: time,
    log: { ...options.log, warn: options.onWarning },
    onFrame: options.onFrame,
  });
  const { world } = exchange;
  const port = wires.serve(exchange.accept);
  const place = `127.0.0.1:${port}`;
  const configs = world.venue.accounts.map(
    ({ name, role, apiKey, apiSecret }): AccountConfig => ({
      id: name,
      role,
      apiKey,
      apiSecret,
      mode: 'armed',
      venue: 'practice',
      restUrl: `http://${place}`,
      wsPrivateUrl: `ws://${place}/v5/private`,
      wsPublicUrl: `ws://${place}/v5/public/linear`,
    }),
  );
  exchange.run();
  const open = (): Promise<Desk> =>
    createDesk({ dataDir, accounts: configs, recover: false, clock: time, log: options.log });
  let desk = await open();

  async function during<Value>(work: Promise<Value>): Promise<Value> {
    const state = { ended: false };
    const ended = (): void => {
      state.ended = true;
    };
    work.then(ended, ended);
    while (!state.ended) await time.advance(50);
    return work;
  }
  const ask = async (command: string, input: unknown): Promise<unknown> => {
    const answer = await during(desk.call(command, input));
    if (!answer.ok) throw new Error(`${command}: ${answer.error.message}`);
    return answer.value;
  };

  return {
    time,
    world,
    dataDir,
    notes: join(folder, 'notes.json'),
    do: (command, input) => ask(command, input) as never,
    slice: (slice) => ask('state.get', { slice }) as never,
    pass: (ms, look) => time.advance(ms, look),
    async restart(meanwhile) {
      await during(desk.stop());
      await meanwhile();
      desk = await during(open());
    },
    async stop() {
      await during(desk.stop());
      await during(exchange.stop());
      wires.stop();
      time.stop();
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

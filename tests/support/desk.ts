import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDesk, type DeskOptions } from '../../src-main/desk/create-desk.ts';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import type { SliceName, SliceValue } from '../../src-preload/contract/slices.ts';
import { ROUGH } from './rough.ts';

export const newDataFolder = (): string => mkdtempSync(join(tmpdir(), 'holdfast-desk-'));

/** A real desk for one test, on the embedded practice exchange unless told otherwise. */
export async function startDesk(options: Partial<DeskOptions> = {}) {
  const desk = await createDesk({
    dataDir: newDataFolder(),
    accounts: 'practice',
    roughness: ROUGH,
    recover: false,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await desk.stop();
  };
  onTestFinished(stop);
  return {
    ...desk,
    stop,
    /** The command's value; throws its sentence when it is refused. */
    async do<Name extends CommandName>(
      command: Name,
      input: CommandInput<Name>,
    ): Promise<CommandOutput<Name>> {
      const answer = await desk.call(command, input);
      if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
      return answer.value as CommandOutput<Name>;
    },
    async slice<Name extends SliceName>(name: Name): Promise<SliceValue<Name>> {
      const answer = await desk.call('state.get', { slice: name });
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value as SliceValue<Name>;
    },
  };
}

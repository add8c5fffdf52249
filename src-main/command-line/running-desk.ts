import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../backup/files/disk.ts';
import type { FailureCode } from '../domain/failure.ts';
import { Failure } from '../domain/failure.ts';

const addressSchema = z.object({ pid: z.number().int(), rpc: z.url(), token: z.string().min(1) });

/** Calls a command of the desk that runs on this data folder. Throws its refusal as a `Failure`. */
export type CallDesk = (command: string, input: object) => Promise<unknown>;

/**
 * The desk that runs on a data folder, by the address it leaves there; `null` when there is none, or
 * the one that left it is gone.
 */
export async function runningDesk(dataDir: string): Promise<CallDesk | null> {
  const text = await readIfThere(join(dataDir, 'desk.json')).catch(() => null);
  if (text === null) return null;
  const address = readAddress(text);
  if (!address || !isAlive(address.pid)) return null;
  const call: CallDesk = async (command, input) => {
    const response = await fetch(`${address.rpc}/${command}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as
      | { ok: true; value: unknown }
      | { ok: false; error: { code: FailureCode; message: string } };
    if (answer.ok) return answer.value;
    throw new Failure(answer.error.code, answer.error.message);
  };
  try {
    await call('state.get', { slice: 'health' });
    return call;
  } catch (error) {
    // A desk that answers but refuses is there; one that does not answer has gone.
    return error instanceof Failure && error.code !== 'UNEXPECTED' ? call : null;
  }
}

function readAddress(text: string): z.infer<typeof addressSchema> | null {
  try {
    return addressSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

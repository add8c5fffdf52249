import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../backup/disk.ts';
import type { FailureCode } from '../domain/failure.ts';
import { Failure } from '../domain/failure.ts';

const addressSchema = z.object({
  pid: z.number().int(),
  rpc: z.url(),
  token: z.string().min(1),
  /** The folder that it was left in, by its real path: a copied folder holds another one's address. */
  dataDir: z.string(),
});

const healthSchema = z.object({ dataFolder: z.string() });

/** How long a desk may take to say that it is there, ms. */
const PROBE = 3_000;

/** Calls a command of the desk that runs on this data folder. Throws its refusal as a `Failure`. */
export type CallDesk = (command: string, input: object) => Promise<unknown>;

/**
 * The desk that runs on a data folder, by the address it leaves there; `null` when there is none, the
 * one that left it is gone or does not answer, or it works on another folder.
 */
export async function runningDesk(dataDir: string): Promise<CallDesk | null> {
  const text = await readIfThere(join(dataDir, 'desk.json')).catch(() => null);
  if (text === null) return null;
  const address = readAddress(text);
  const real = await realpath(dataDir);
  if (!address || address.dataDir !== real || !isAlive(address.pid)) return null;
  const ask = async (command: string, input: object, signal?: AbortSignal): Promise<unknown> => {
    const response = await fetch(`${address.rpc}/${command}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
      ...(signal && { signal }),
    });
    const answer = (await response.json()) as
      | { ok: true; value: unknown }
      | { ok: false; error: { code: FailureCode; message: string } };
    if (answer.ok) return answer.value;
    throw new Failure(answer.error.code, answer.error.message);
  };
  try {
    const health = await ask('state.get', { slice: 'health' }, AbortSignal.timeout(PROBE));
    const { dataFolder } = healthSchema.parse(health);
    return (await realpath(dataFolder)) === real ? (command, input) => ask(command, input) : null;
  } catch {
    return null;
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

import { tellWhereItIs } from '../calls/address-file.ts';
import { startCallsServer } from '../calls/server.ts';
import type { DeskCalls } from '../desk/desk.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

/** What is asked must have come within this, ms. */
const WITHIN_MS = 10_000;

/**
 * Lets the command line reach the desk of this window: its calls on a port of 127.0.0.1, with a token
 * that lies where only the operator may read it. Without it the window works all the same. Answers how
 * to end it.
 */
export async function setupCommandLine(
  desk: DeskCalls,
  dataDir: string,
  log: Log,
): Promise<() => Promise<void>> {
  try {
    const { rpc, token, stop } = await startCallsServer({
      desk,
      port: 0,
      log,
      withinMs: WITHIN_MS,
    });
    const forget = tellWhereItIs(dataDir, { pid: process.pid, rpc, token }, log);
    return () => {
      forget();
      return stop();
    };
  } catch (error) {
    log.warn('The command line will not reach this Holdfast', { why: sentenceOf(error) });
    return async () => {};
  }
}

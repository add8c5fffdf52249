import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../domain/clock.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { AccountConfig } from './accounts-file.ts';

/** Usual time of a message under way, and how far lists may lag behind, ms. */
export interface Roughness {
  jitterMs: number;
  lagMs: number;
}

export interface PracticeVenue {
  rest: string;
  accounts: AccountConfig[];
  /** At the next start everything is as on the first day: a venue's time never runs back while watched. */
  startOver(): void;
  stop(): Promise<void>;
}

/**
 * Starts the embedded practice exchange with its state in the data folder, and names its two accounts
 * as the desk connects them. Loaded only when it is used.
 */
export async function startPracticeVenue(
  options: { dataDir: string; clock: Clock; log: Log } & Partial<Roughness>,
): Promise<PracticeVenue> {
  const { startPractice } = await import('../../practice/server.ts');
  const stateFile = join(options.dataDir, 'practice.json');
  let startsOver = false;
  const practice = await startPractice({
    port: 0,
    stateFile,
    log: options.log,
    timers: options.clock,
    jitterMs: options.jitterMs ?? 0,
    lagMs: options.lagMs ?? 0,
  });
  return {
    rest: practice.rest,
    accounts: practice.accounts.map((account) => ({
      id: account.role,
      role: account.role,
      venue: 'practice' as const,
      mode: 'armed' as const,
      restUrl: practice.rest,
      wsPrivateUrl: practice.wsPrivate,
      wsPublicUrl: practice.wsPublic,
      apiKey: account.apiKey,
      apiSecret: account.apiSecret,
    })),
    startOver() {
      startsOver = true;
    },
    async stop() {
      await practice.stop().catch((error: unknown) => {
        // On a full disk, say. Its state is play money; the desk's own is saved after it.
        const why = sentenceOf(error);
        options.log.error('The practice exchange could not be saved as it is now', { why });
      });
      if (startsOver) rmSync(stateFile, { force: true });
    },
  };
}

/** The accounts to connect: those given, or the embedded practice exchange's, started here. */
export async function venueOf(options: {
  accounts: AccountConfig[] | 'practice';
  clock: Clock;
  dataDir: string;
  log: Log;
  roughness?: Roughness;
}): Promise<{ practice: PracticeVenue | null; configs: [AccountConfig, ...AccountConfig[]] }> {
  const { accounts, clock, dataDir, log, roughness } = options;
  const practice =
    accounts === 'practice'
      ? await startPracticeVenue({ clock, dataDir, log, ...roughness })
      : null;
  const [first, ...others] = practice?.accounts ?? (accounts as AccountConfig[]);
  if (!first)
    throw new Failure('BAD_ACCOUNTS_FILE', 'The accounts file lists no account. Add at least one.');
  return { practice, configs: [first, ...others] };
}

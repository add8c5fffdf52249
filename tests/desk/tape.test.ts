import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { equal, isDecimal } from '../../src-main/domain/numbers.ts';
import { startPractice } from '../../src-main/practice/server.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';
import { ROUGH } from '../support/rough.ts';
import { sharedPath } from '../support/shared.ts';

const SYMBOL = 'BTCUSDT';

/** A desk connected, as to any venue, to a practice exchange that replays `tape` far faster than real. */
async function deskOnTape(tape: string, speed: number) {
  const practice = await startPractice({ ...ROUGH, tape, speed });
  onTestFinished(() => practice.stop());
  return startDesk({
    accounts: practice.accounts.map(({ role, apiKey, apiSecret }) => ({
      id: role,
      role,
      venue: 'custom' as const,
      mode: 'watch' as const,
      restUrl: practice.rest,
      wsPrivateUrl: practice.wsPrivate,
      wsPublicUrl: practice.wsPublic,
      apiKey,
      apiSecret,
    })),
  });
}

async function marksSeen(
  desk: Awaited<ReturnType<typeof deskOnTape>>,
  count: number,
): Promise<Set<string>> {
  const marks = new Set<string>();
  await expect
    .poll(
      async () => {
        const rows = (await desk.slice('positions')).rows.filter((row) => row.symbol === SYMBOL);
        for (const { markPrice } of rows)
          if (markPrice !== null && isDecimal(markPrice)) marks.add(markPrice);
        return marks.size;
      },
      { timeout: 15_000, interval: 50 },
    )
    .toBeGreaterThanOrEqual(count);
  return marks;
}

const onTape = (mark: string, prices: readonly string[]): boolean =>
  prices.some((price) => equal(price, mark));

test('the marks the desk shows are the tape’s: a plain CSV', async () => {
  const prices = ['104000', '104010.5', '103990', '104020', '104005', '104001'];
  const bars = Array.from({ length: 5_000 }, (_, minute) => {
    const price = prices[minute % prices.length];
    return [1_748_545_680_000 + minute * 60_000, SYMBOL, price, price, price, price, '1'].join(',');
  });
  const tape = join(newDataFolder(), 'tape.csv');
  writeFileSync(tape, ['time_ms,symbol,open,high,low,close,volume', ...bars, ''].join('\n'));
  const desk = await deskOnTape(tape, 120);
  for (const mark of await marksSeen(desk, 3)) expect(onTape(mark, prices), mark).toBe(true);
}, 30_000);

const real = sharedPath(
  'data',
  'price-1m-bybit-linear-2025-06',
  'bybit-linear-1m-7sym-20250529-20250629.csv.gz',
);
test.skipIf(real === null)(
  `the marks the desk shows are the tape’s: real one-minute Bybit prices${real ? '' : ' (skipped: the shared tapes are not beside the checkout)'}`,
  async () => {
    const lines = gunzipSync(readFileSync(real as string))
      .toString('utf8')
      .split('\n');
    const prices = lines
      .filter((line) => line.includes(SYMBOL))
      .slice(0, 3000)
      .flatMap((line) => line.split(',').slice(2, 6));
    const desk = await deskOnTape(real as string, 120);
    for (const mark of await marksSeen(desk, 3)) expect(onTape(mark, prices), mark).toBe(true);
  },
  60_000,
);

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runDoctor } from '../../../src-main/command-line/doctor.ts';
import type { Judged } from '../../../src-main/command-line/snapshot/judge.ts';
import { readContracts } from '../../../src-main/practice/prices/contracts.ts';
import { ownFolder } from '../../backup/support.ts';
import { sharedPath } from '../../support/shared.ts';

const own = fileURLToPath(new URL('./own-snapshot.json', import.meta.url));

async function doctor(path: string, ...more: string[]): Promise<{ out: string; code: number }> {
  let out = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    ask: null,
    programVersion: '0.1.0',
  };
  const code = await runDoctor(['--snapshot', path, ...more], io, readContracts);
  return { out, code };
}

interface Answer {
  counts: Record<string, number>;
  legs: Judged[];
}

const judged = async (path: string): Promise<Answer> =>
  JSON.parse((await doctor(path, '--json')).out) as Answer;

const nameOf = ({ account, symbol, side }: { account: string; symbol: string; side: string }) =>
  `${symbol} ${side} ${account}`;

describe('a small snapshot', () => {
  test('says of each position how it stands and what would be done', async () => {
    const { legs, counts } = await judged(own);
    expect(counts).toEqual({ unprotected: 2, orphaned: 1, drifted: 2, 'in order': 1 });
    const of = (name: string) => legs.find((leg) => nameOf(leg) === name);
    expect(of('BTCUSDT long main')).toMatchObject({
      state: 'drifted',
      found: ['Its stop is for 1, the position is 0.15.'],
      would: [
        'move the stop from 59000.00 to 60072.10, for 0.15, because the first take-profit was hit',
      ],
    });
    expect(of('BTCUSDT long mirror')).toMatchObject({
      state: 'unprotected',
      found: ['It has no stop.', 'It has no take-profits.'],
      would: [],
      cannot: ['The price 56000 is below the stop of 57000.00.'],
    });
    expect(of('SOLUSDT long main')).toMatchObject({
      state: 'unprotected',
      watched: false,
      would: ['set a stop at 152.000, because the position has no stop'],
    });
    expect(of('ETHUSDT short main')).toMatchObject({ state: 'in order', would: [], cannot: [] });
    expect(of('NOSUCHUSDT long mirror')).toMatchObject({
      state: 'drifted',
      cannot: [
        'The rules of the contract are not known: NOSUCHUSDT is not in this program’s table of contracts.',
      ],
    });
    expect(of('ADAUSDT long main')).toMatchObject({
      state: 'orphaned',
      would: [
        'cancel the order j, because the position is gone',
        'cancel the order k, because the position is gone',
      ],
    });
  });

  test('is told in plain English, the worst first, with an exit code', async () => {
    const { out, code } = await doctor(own);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toMatch(/^(main|mirror) \w+ long [\d.]+: unprotected\. /);
    expect(out).toContain(
      '5 positions and 1 monitor without one as recorded 2025-07-12T11:27:51.663Z: 2 unprotected, 1 orphaned, 2 drifted, 1 in order.',
    );
  });
});

describe('a file that is no snapshot gets a clear sentence', () => {
  const write = (text: string): string => {
    const path = join(ownFolder(), 'file.json');
    writeFileSync(path, text);
    return path;
  };
  const good = JSON.parse(readFileSync(own, 'utf8')) as Record<string, unknown>;

  test.each([
    [
      'cut short',
      readFileSync(own, 'utf8').slice(0, 900),
      /is not whole JSON\. It may have been cut short\.$/,
    ],
    ['not JSON', 'positions', /is not whole JSON/],
    ['a list', '[]', /is not a monitor snapshot: it holds no object\.$/],
    ['a number', '7', /is not a monitor snapshot: it holds no object\.$/],
    [
      'without positions',
      JSON.stringify({ ...good, bybit_positions: undefined }),
      /it has no bybit_positions\.$/,
    ],
    [
      'without a size',
      JSON.stringify({
        ...good,
        bybit_positions: { main: [{ symbol: 'A', side: 'Buy', avgPrice: 1, markPrice: 1 }] },
      }),
      /it has no bybit_positions\.main\.0\.size\.$/,
    ],
    [
      'with an unknown side',
      JSON.stringify({
        ...good,
        bybit_positions: {
          main: [{ symbol: 'A', side: 'Up', size: 1, avgPrice: 1, markPrice: 1 }],
        },
      }),
      /bybit_positions\.main\.0\.side is not what it should be\.$/,
    ],
    [
      'without a time',
      JSON.stringify({ ...good, timestamp: 'yesterday' }),
      /its time is yesterday\.$/,
    ],
  ])('%s', async (_, text, sentence) => {
    await expect(doctor(write(text))).rejects.toThrow(sentence);
  });

  test('not there', async () => {
    await expect(doctor(join(ownFolder(), 'none.json'))).rejects.toThrow(
      /none\.json is not there\.$/,
    );
  });
});

const folder = sharedPath('data', 'bybit-positions-monitors-2025-07');
const files = folder
  ? readdirSync(folder).filter((name) => name.startsWith('position_monitor_analysis'))
  : [];
if (folder === null)
  console.log('The real monitor snapshots are not beside this checkout: not compared.');

interface Documented {
  account?: string;
  monitor_key?: string;
  symbol: string;
  side: string;
  missing_tp?: boolean;
  missing_sl?: boolean;
}

describe.runIf(folder !== null)('the real snapshots', () => {
  test.each(files)('agree with the issues documented in %s', async (name) => {
    const path = join(folder ?? '', name);
    const { issues, statistics } = JSON.parse(readFileSync(path, 'utf8')) as {
      issues: Record<string, Documented[]>;
      statistics: Record<string, number>;
    };
    const { legs } = await judged(path);
    const documented = (kind: string, only: (row: Documented) => boolean = () => true): string[] =>
      (issues[kind] ?? [])
        .filter(only)
        .map(({ symbol, side, account, monitor_key }) =>
          nameOf({
            symbol,
            side: side === 'Buy' ? 'long' : 'short',
            account: account ?? monitor_key?.split('_').at(-1) ?? '',
          }),
        )
        .sort();
    const ours = (only: (leg: Judged) => boolean): string[] => legs.filter(only).map(nameOf).sort();
    const isOpen = ({ state }: Judged): boolean => state !== 'orphaned';
    expect(ours((leg) => isOpen(leg))).toHaveLength(statistics.total_bybit_positions ?? -1);
    expect(ours((leg) => leg.watched)).toHaveLength(statistics.total_pickle_monitors ?? -1);
    expect(ours((leg) => isOpen(leg) && !leg.watched)).toEqual(
      documented('positions_without_monitors'),
    );
    expect(ours((leg) => !isOpen(leg))).toEqual(documented('orphaned_monitors'));
    expect(ours((leg) => leg.watched && !leg.hasStop)).toEqual(
      documented('monitors_missing_orders', (row) => row.missing_sl === true),
    );
    expect(ours((leg) => leg.watched && !leg.hasTakeProfits)).toEqual(
      documented('monitors_missing_orders', (row) => row.missing_tp === true),
    );
    // What has no stop is unprotected, and of each that is, something is done or the reason said.
    for (const leg of legs.filter(({ state }) => state !== 'in order')) {
      if (isOpen(leg) && !leg.hasStop) expect(leg.state).toBe('unprotected');
      expect(leg.would.length + leg.cannot.length + leg.found.length).toBeGreaterThan(0);
    }
  });
});

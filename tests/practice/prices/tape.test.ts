import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src-main/domain/log.ts';
import { Tape } from '../../../src-main/practice/prices/tape.ts';
import { startPractice } from '../../../src-main/practice/server.ts';
import { sharedPath } from '../../support/shared.ts';
import { clientOf, noon, practiceCall, type Row, type Rows } from '../support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast tape '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header = 'time_ms,symbol,open,high,low,close,volume';
const bars = [
  '1748545680000,ETHUSDT,2600,2610,2590,2605,10',
  '1748545680000,SOLUSDT,150,151,149,149.5,10',
  '1748545740000,ETHUSDT,2605,2606,2580,2585,10',
  '1748545740000,SOLUSDT,149.5,150,149,149.9,10',
];
function written(name: string, lines: string[], packed = false): string {
  const path = join(folder, name);
  const text = `${lines.join('\n')}\n`;
  writeFileSync(path, packed ? gzipSync(text) : text);
  return path;
}

describe('a tape', () => {
  it.each([
    ['plain', false],
    ['gzip', true],
  ])('(%s) sets the marks; other symbols go on by themselves', async (_name, packed) => {
    const tape = written(packed ? 'a.csv.gz' : 'a.csv', [header, ...bars], packed);
    const practice = await startPractice({
      scenario: 'empty',
      clock: 'stepped',
      startAt: noon,
      tape,
    });
    const markOf = async (symbol: string): Promise<string> => {
      const url = `${practice.rest}/v5/market/tickers?category=linear&symbol=${symbol}`;
      const body = (await (await fetch(url)).json()) as { result: { list: Rows } };
      return String(body.result.list[0]?.markPrice);
    };
    const btc = await markOf('BTCUSDT');
    const marks: string[] = [];
    // Rising bar: open, low, high, close; falling bar: open, high, low, close.
    for (const ms of [100, 14_900, 15_000, 15_000, 15_000, 15_000, 15_000, 15_000]) {
      await practiceCall(practice, 'clock', { advanceMs: ms });
      marks.push(await markOf('ETHUSDT'));
    }
    expect(marks).toEqual([
      '2600.00',
      '2590.00',
      '2610.00',
      '2605.00',
      '2605.00',
      '2606.00',
      '2580.00',
      '2585.00',
    ]);
    expect(await markOf('SOLUSDT')).toBe('149.900');
    expect(await markOf('BTCUSDT')).not.toBe(btc);
    await practice.stop();
  });

  it('that names contracts which are not listed says which, and plays the others', async () => {
    const odd = '1748545680000,NOSUCHUSDT,1,1,1,1,10';
    const tape = written('odd.csv', [header, odd, ...bars]);
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (text: string) => void warnings.push(text) };
    const practice = await startPractice({ scenario: 'empty', clock: 'stepped', tape, log });
    await practice.stop();
    expect(warnings).toEqual([
      "The tape's NOSUCHUSDT is left out: the practice exchange lists no such contract.",
    ]);
  });

  it('meets every extreme even when time flies: a stop inside the bar triggers', async () => {
    const tape = written('b.csv', [header, ...bars]);
    const practice = await startPractice({ scenario: 'empty', clock: 'stepped', tape, speed: 1 });
    const client = clientOf(practice);
    await practiceCall(practice, 'clock', { advanceMs: 100 });
    const order = { category: 'linear', symbol: 'ETHUSDT', qty: '1' };
    await client.post('/v5/order/create', { ...order, side: 'Buy', orderType: 'Market' });
    const sell = { ...order, side: 'Sell', reduceOnly: true, orderType: 'Limit', price: '2610' };
    await client.post('/v5/order/create', sell);
    await practiceCall(practice, 'clock', { advanceMs: 120_000 });
    const truth = (await practiceCall(practice, 'truth')) as { accounts: { executions: Rows }[] };
    expect(truth.accounts[0]?.executions.at(-1)).toMatchObject({ execPrice: '2610', side: 'Sell' });
    await practice.stop();
  });

  it.each([
    [
      'no header',
      ['a,b', ...bars],
      'line 1 is wrong, it should read "time_ms,symbol,open,high,low,close,volume"',
    ],
    [
      'too few fields',
      [header, bars[0] ?? '', '1748545740000,ETHUSDT,2605'],
      'line 3 is wrong, it has 3 fields, not 7',
    ],
    [
      'a bad price',
      [header, '1748545680000,ETHUSDT,26x0,1,1,1,1'],
      'line 2 is wrong, "26x0" is not a price',
    ],
    [
      'a bad time',
      [header, 'noon,ETHUSDT,1,1,1,1,1'],
      'line 2 is wrong, "noon" is not a time in ms',
    ],
    [
      'time running back',
      [header, bars[2] ?? '', bars[0] ?? ''],
      'line 3 is wrong, its time is before the line above',
    ],
    ['nothing after the header', [header], 'line 2 is wrong, there is no bar'],
  ])('with %s is refused, naming file and line', async (name, lines, reason) => {
    const path = written(`${name}.csv`, lines);
    const opening = startPractice({ tape: path });
    await expect(opening).rejects.toMatchObject({ code: 'BAD_TAPE' });
    await expect(opening).rejects.toThrow(`The tape ${name}.csv cannot be used: ${reason}.`);
  });

  it('that is missing or damaged is refused', async () => {
    await expect(Tape.open(join(folder, 'none.csv'))).rejects.toThrow(
      'The tape none.csv does not exist. Check the path.',
    );
    const packed = gzipSync([header, ...bars, ''].join('\n'));
    const path = join(folder, 'cut.csv.gz');
    writeFileSync(path, packed.subarray(0, packed.length - 12));
    await expect(Tape.open(path)).rejects.toThrow(
      /The tape cut\.csv\.gz cannot be used: it is damaged at line \d+\./,
    );
  });

  const month = sharedPath(
    'data',
    'price-1m-bybit-linear-2025-06',
    'bybit-linear-1m-7sym-20250529-20250629.csv.gz',
  );
  it.skipIf(month === null)('of a real month is read as it is', async () => {
    const practice = await startPractice({ scenario: 'desk', clock: 'stepped', tape: month ?? '' });
    await practiceCall(practice, 'clock', { advanceMs: 45_000 });
    const url = `${practice.rest}/v5/market/tickers?category=linear&symbol=BTCUSDT`;
    const body = (await (await fetch(url)).json()) as { result: { list: Row[] } };
    expect(body.result.list[0]?.markPrice).toBe('105890.10');
    await practice.stop();
  });

  it('X10 builds the scenario from its own first prices, alive, and takes the market along', async () => {
    const minutes = 30;
    const rows = Array.from({ length: minutes }, (_, minute) => {
      // Half of what they were is what a tape of another year may say; then a fall of a tenth.
      const share = minute < 10 ? 1 : 1 - 0.005 * (minute - 9);
      const bar = (symbol: string, price: number) =>
        [1_743_552_000_000 + minute * 60_000, symbol, ...Array(4).fill(price * share), 1].join(',');
      return [bar('BTCUSDT', 52_000), bar('SOLUSDT', 70)];
    });
    const tape = written('crash.csv', [header, ...rows.flat()]);
    const practice = await startPractice({ clock: 'stepped', tape });
    const held = async () => {
      const { accounts } = (await practiceCall(practice, 'truth')) as { accounts: Row[] };
      return accounts.map((one) => one.positions as Rows);
    };
    await practiceCall(practice, 'clock', { advanceMs: 8 * 60_000 });
    for (const positions of await held()) {
      expect(positions).toHaveLength(30);
      expect(positions.find((row) => row.symbol === 'BTCUSDT')?.avgPrice).toMatch(/^5[12]\d{3}/);
      expect(positions.every((row) => Number(row.size) > 0)).toBe(true);
    }
    await practiceCall(practice, 'clock', { advanceMs: 20 * 60_000 });
    // A fall of a tenth goes through the stops of the longs, whatever they ride along with.
    for (const positions of await held())
      expect(positions.filter((row) => row.side === 'Buy').length).toBeLessThan(3);
    await practice.stop();
  });
});

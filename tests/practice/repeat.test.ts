import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { scenarios } from '../../src-main/practice/scenario/scenario.ts';
import { type Practice, startPractice } from '../../src-main/practice/server.ts';
import { bareWorld, clientOf, practiceCall, type Row, type Rows } from './support.ts';

const folders: string[] = [];
const running: Practice[] = [];
afterEach(async () => {
  for (const practice of running.splice(0)) await practice.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const started = async (options: Parameters<typeof startPractice>[0]): Promise<Practice> => {
  const practice = await startPractice({ clock: 'stepped', ...options });
  running.push(practice);
  return practice;
};
const stopped = async (practice: Practice): Promise<void> => {
  running.splice(running.indexOf(practice), 1);
  await practice.stop();
};
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast practice '));
  folders.push(folder);
  return folder;
};

const line = (frame: Frame): string => JSON.stringify({ ...frame, account: frame.account.role });

describe('the same seed and commands', () => {
  const command = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), ms: fc.integer({ min: 100, max: 20_000 }) }),
    fc.record({
      kind: fc.constant('price' as const),
      symbol: fc.constantFrom('BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'DOGEUSDT'),
      share: fc.integer({ min: 940, max: 1060 }),
    }),
    fc.record({
      kind: fc.constant('place' as const),
      symbol: fc.constantFrom('BTCUSDT', 'ETHUSDT', 'SOLUSDT'),
      side: fc.constantFrom('Buy', 'Sell'),
      qty: fc.constantFrom('0.1', '0.2', '1'),
    }),
  );
  type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

  async function logOf(seed: number, commands: Command[]): Promise<string[]> {
    const { world, venue, frames, place } = bareWorld({ scenario: 'desk', seed });
    for (const one of commands) {
      if (one.kind === 'push') await world.push(one.ms);
      else if (one.kind === 'price') {
        const quote = venue.market.quote(one.symbol);
        if (quote !== undefined)
          world.setPrice(quote, Math.round((quote.last * one.share) / 1000), {}, 1000);
      } else {
        try {
          place({ symbol: one.symbol, side: one.side, orderType: 'Market', qty: one.qty });
        } catch {
          // a refusal is repeated too
        }
      }
    }
    return frames.map(line);
  }

  it('give a byte-equal event log', async () => {
    let events = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1000 }),
        fc.array(command, { minLength: 3, maxLength: 12 }),
        async (seed, commands) => {
          const log = await logOf(seed, commands);
          events += log.length;
          expect(await logOf(seed, commands)).toEqual(log);
        },
      ),
      { numRuns: 8 },
    );
    expect(events).toBeGreaterThan(100);
  });

  it('and another seed another one', async () => {
    const commands: Command[] = [
      { kind: 'push', ms: 60_000 },
      { kind: 'place', symbol: 'BTCUSDT', side: 'Buy', qty: '0.1' },
    ];
    expect(await logOf(1, commands)).not.toEqual(await logOf(2, commands));
  });
});

describe('scenarios', () => {
  it.each([
    ['desk', 30, 30],
    ['quiet', 30, 30],
    ['crash', 30, 30],
    ['building', 30, 30],
    ['mirror-drift', 30, 29],
    ['hedge', 30, 30],
    ['crowd', 400, 400],
    ['empty', 0, 0],
  ] as const)(
    '%s starts with %i and %i positions, all legal and affordable',
    (scenario, main, mirror) => {
      const world = bareWorld({ scenario });
      const counts = world.venue.accounts.map(
        (account) => [...account.positions.values()].filter((one) => one.side !== '').length,
      );
      expect(counts).toEqual([main, mirror]);
      for (const account of world.venue.accounts) {
        for (const order of account.open.values()) {
          const contract = world.venue.contracts.get(order.symbol);
          expect(Number(order.qty)).toBeGreaterThanOrEqual(Number(contract?.minQty));
          const steps = Number(order.qty) / Number(contract?.step);
          expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
        }
        if (scenario === 'crowd') expect(account.open.size).toBe(2400);
      }
      expect(world.frames).toEqual([]);
    },
  );

  it('K9 are all in the list that --help shows, and no others', () => {
    const cli = join(import.meta.dirname, '../../src-main/cli.ts');
    const help = execFileSync(process.execPath, [cli, 'exchange', '--help'], { encoding: 'utf8' });
    const [, shown = ''] = /--scenario NAME +(.+)/.exec(help) ?? [];
    expect(shown.split(', ').toSorted()).toEqual(Object.keys(scenarios).toSorted());
  });

  it('desk stands at different stages, with about 91 to 110 limit orders an account', () => {
    const { main } = bareWorld({ scenario: 'desk' });
    const limits = [...main.open.values()].filter((order) => order.status === 'New');
    expect(limits.length).toBeGreaterThan(90);
    expect(limits.length).toBeLessThan(111);
    const targets = new Map<string, number>();
    for (const order of limits) {
      if (order.reduceOnly) targets.set(order.symbol, (targets.get(order.symbol) ?? 0) + 1);
    }
    expect(new Set(targets.values())).toEqual(new Set([1, 2, 3, 4]));
    expect(limits.some((order) => !order.reduceOnly)).toBe(true);
    const stops = [...main.open.values()].filter((order) => order.status === 'Untriggered');
    expect(new Set(stops.map((order) => order.stopOrderType))).toEqual(
      new Set(['StopLoss', 'Stop']),
    );
  });

  it('crash gaps through the stops of the longs', async () => {
    const { world, main } = bareWorld({ scenario: 'crash' });
    await world.push(19_000);
    const held = () => [...main.positions.values()].filter((one) => one.side === 'Buy').length;
    const before = held();
    await world.push(2000);
    expect(before).toBeGreaterThan(15);
    // One long had filled entries on the way down, beyond what its own stop order was sized for.
    expect(held()).toBeLessThanOrEqual(1);
  });

  it('building fills entries one after another', async () => {
    const { world, main } = bareWorld({ scenario: 'building' });
    const before = main.executions.length;
    await world.push(30_000);
    expect(main.executions.length).toBeGreaterThan(before + 8);
  });
});

describe('state', () => {
  const buy = { category: 'linear', symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '1' };
  const heldBy = async (practice: Practice): Promise<unknown> => {
    const truth = (await practiceCall(practice, 'truth')) as { accounts: Row[] };
    return truth.accounts.map(({ positions, orders, executions, wallet }) => ({
      positions,
      orders,
      executions,
      wallet,
    }));
  };

  it('survives a restart whole: keys, positions, orders, wallet, link ids', async () => {
    const stateFile = join(newFolder(), 'practice.json');
    const first = await started({ stateFile });
    await clientOf(first).post('/v5/order/create', { ...buy, orderLinkId: 'mine' });
    await practiceCall(first, 'price', { symbol: 'BTCUSDT', price: '103000' });
    const before = await heldBy(first);
    await stopped(first);
    const second = await started({ stateFile });
    expect(second.accounts).toEqual(first.accounts);
    expect(await heldBy(second)).toEqual(before);
    const again = await clientOf(second).post('/v5/order/create', { ...buy, orderLinkId: 'mine' });
    expect(again.body.retCode).toBe(110072);
  });

  it('P65 after a restart realtime has forgotten what had ended', async () => {
    const stateFile = join(newFolder(), 'practice.json');
    const first = await started({ stateFile });
    await clientOf(first).post('/v5/order/create', { ...buy, orderLinkId: 'mine' });
    await stopped(first);
    const client = clientOf(await started({ stateFile }));
    const named = 'category=linear&orderLinkId=mine';
    expect((await client.get('/v5/order/realtime', named)).body.result.list).toEqual([]);
    expect((await client.get('/v5/order/history', named)).body.result.list).toHaveLength(1);
  });

  it('P42 a damaged file is kept aside, never overwritten', async () => {
    const folder = newFolder();
    const stateFile = join(folder, 'practice.json');
    writeFileSync(stateFile, '{"version":1,"acc');
    const warnings: string[] = [];
    const log = { info() {}, warn: (text: string) => warnings.push(text), error() {} };
    const practice = await started({ stateFile, log });
    expect(warnings.join()).toContain('practice.json.damaged');
    expect(readdirSync(folder)).toContain('practice.json.damaged');
    const truth = (await practiceCall(practice, 'truth')) as { accounts: { positions: Rows }[] };
    expect(truth.accounts[0]?.positions).toHaveLength(30);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ccxtOptions, loadCcxt } from './load.ts';

/**
 * Checks the practice exchange with a client that shares no code with it or with Holdfast. Prints a line
 * per check and ends with `N passed, N failed`.
 *
 *   node tests/ccxt/check.ts [--ready JSON]
 *
 * `--ready` names a running exchange by its ready line; without it one is started and ended.
 */
interface Ready {
  rest: string;
  wsPublic: string;
  wsPrivate: string;
  accounts: { role: string; apiKey: string; apiSecret: string }[];
}

const SYMBOL = 'BTC/USDT:USDT';
const PATIENCE = 10_000;

const { values } = parseArgs({ options: { ready: { type: 'string' } } });
const children: ChildProcess[] = [];
const ready = values.ready ? (JSON.parse(values.ready) as Ready) : await startExchange();
const account = ready.accounts.find((one) => one.role === 'main') ?? ready.accounts[0];
if (!account) throw new Error('The exchange has no account.');

const ccxt = await loadCcxt();
const exchange = new ccxt.pro.bybit(ccxtOptions({ ...ready, ...account }));
exchange.has.fetchCurrencies = false;
await exchange.loadHttpProxyAgent();

const counts = { passed: 0, failed: 0 };

/** One check: it passes when it answers true, in time. */
async function check(name: string, run: () => Promise<boolean>): Promise<void> {
  let why = 'the answer is not what it should be';
  const passed = await Promise.race([
    run().catch((error: unknown) => {
      why = String(error).slice(0, 300);
      return false;
    }),
    sleep(PATIENCE, false, { ref: false }).then(() => {
      why = `no answer within ${PATIENCE / 1000} s`;
      return false;
    }),
  ]);
  counts[passed ? 'passed' : 'failed'] += 1;
  process.stdout.write(passed ? `ok     ${name}\n` : `FAILED ${name}: ${why}\n`);
}

let price = 0;
let restingId = '';

/** A buy limit order far below the market, which rests. */
const placeResting = (): Promise<{ id: string }> =>
  exchange.createOrder(
    SYMBOL,
    'limit',
    'buy',
    0.01,
    exchange.priceToPrecision(SYMBOL, price * 0.8),
    { positionIdx: 0 },
  );

await check('loadMarkets: linear contracts with tick and step', async () => {
  const markets = await exchange.loadMarkets();
  const { precision, linear } = markets[SYMBOL];
  return linear === true && precision.price > 0 && precision.amount > 0;
});
await check('fetchTime: within a minute of ours', async () => {
  return Math.abs((await exchange.fetchTime()) - Date.now()) < 60_000;
});
await check('fetchTicker: last and mark price', async () => {
  const ticker = await exchange.fetchTicker(SYMBOL);
  price = ticker.last;
  return price > 0 && Number(ticker.info.markPrice) > 0;
});
await check('fetchOHLCV: rising times, high >= low', async () => {
  const bars = (await exchange.fetchOHLCV(SYMBOL, '1m', undefined, 50)) as number[][];
  return (
    bars.length === 50 &&
    bars.every(([at = 0, , high = 0, low = 0], index) => {
      return high >= low && at > (bars[index - 1]?.[0] ?? 0);
    })
  );
});
await check('fetchBalance: USDT, to the last digit what the exchange holds', async () => {
  const { total, used, free } = (await exchange.fetchBalance()).USDT;
  const truth = (await (await fetch(`${ready.rest}/practice/truth`)).json()) as {
    accounts: { account: string; wallet: { coin: { coin: string; walletBalance: string }[] } }[];
  };
  const held = truth.accounts[0]?.wallet.coin.find(({ coin }) => coin === 'USDT')?.walletBalance;
  return total === Number(held) && Math.abs(used + free - total) < 1e-6;
});
await check('fetchPositions: each with side, size and entry', async () => {
  const positions = (await exchange.fetchPositions()) as Record<string, unknown>[];
  return (
    positions.length > 0 &&
    positions.every(
      (one) =>
        (one['side'] === 'long' || one['side'] === 'short') &&
        Number(one['contracts']) > 0 &&
        Number(one['entryPrice']) > 0,
    )
  );
});
await check('setLeverage: a change is taken', async () => {
  const [position] = await exchange.fetchPositions([SYMBOL]);
  const next = Number(position?.leverage ?? 10) === 7 ? 8 : 7;
  await exchange.setLeverage(next, SYMBOL);
  const [after] = (await exchange.fetchPositions([SYMBOL])) as { leverage: number }[];
  return after === undefined || after.leverage === next;
});
await check('setLeverage: an unchanged one is refused (110043)', async () => {
  await exchange.setLeverage(9, SYMBOL);
  return exchange.setLeverage(9, SYMBOL).then(
    () => false,
    (error: unknown) => String(error).includes('110043'),
  );
});
await check('createOrder: a limit order rests', async () => {
  restingId = (await placeResting()).id;
  return restingId.length > 0;
});
await check('fetchOpenOrders: it is there', async () => {
  const orders = (await exchange.fetchOpenOrders(SYMBOL)) as { id: string; status: string }[];
  return orders.some((order) => order.id === restingId && order.status === 'open');
});
await check('cancelOrder: it is gone', async () => {
  await exchange.cancelOrder(restingId, SYMBOL);
  const orders = (await exchange.fetchOpenOrders(SYMBOL)) as { id: string }[];
  return orders.every((order) => order.id !== restingId);
});
await check('createOrder: a market order fills and fetchMyTrades tells it', async () => {
  const { id } = await exchange.createOrder(SYMBOL, 'market', 'buy', 0.01, undefined, {
    positionIdx: 0,
  });
  await sleep(500);
  const trades = (await exchange.fetchMyTrades(SYMBOL)) as { order: string; amount: number }[];
  const filled = trades.filter((trade) => trade.order === id);
  return Math.abs(filled.reduce((sum, trade) => sum + trade.amount, 0) - 0.01) < 1e-9;
});
await check('watchTicker: a price is pushed', async () => {
  return (await exchange.watchTicker(SYMBOL)).last > 0;
});

/** Watches, acts, and answers what was pushed. */
async function pushedAfter<T>(watch: () => Promise<T>, act: () => Promise<unknown>): Promise<T> {
  const pushed = watch();
  // The subscription must stand before the event: private topics send no snapshot.
  await sleep(1_000);
  await act();
  return pushed;
}

await check('watchOrders: a new order is pushed', async () => {
  let id = '';
  const orders = await pushedAfter(
    () => exchange.watchOrders(SYMBOL) as Promise<{ id: string }[]>,
    async () => {
      ({ id } = await placeResting());
    },
  );
  await exchange.cancelOrder(id, SYMBOL);
  return orders.some((order) => order.id === id);
});
const buyAtMarket = (): Promise<unknown> =>
  exchange.createOrder(SYMBOL, 'market', 'buy', 0.01, undefined, { positionIdx: 0 });
await check('watchMyTrades: a fill is pushed', async () => {
  const trades = await pushedAfter(
    () => exchange.watchMyTrades(SYMBOL) as Promise<{ amount: number }[]>,
    buyAtMarket,
  );
  return (trades.at(-1)?.amount ?? 0) > 0;
});
await check('watchPositions: the position is pushed', async () => {
  const positions = await pushedAfter(
    () => exchange.watchPositions([SYMBOL]) as Promise<{ symbol: string }[]>,
    buyAtMarket,
  );
  return positions.some((position) => position.symbol === SYMBOL);
});
await check('watchBalance: the wallet is pushed', async () => {
  const balance = await pushedAfter(
    () => exchange.watchBalance() as Promise<{ USDT: { total: number } }>,
    buyAtMarket,
  );
  return balance.USDT.total > 0;
});

await exchange.close();
for (const child of children) child.kill('SIGTERM');
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exit(counts.failed === 0 ? 0 : 1);

async function startExchange(): Promise<Ready> {
  const entry = join(import.meta.dirname, '../../src-main/cli.ts');
  const child = spawn(process.execPath, [entry, 'exchange', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  if (!child.stdout) throw new Error('The exchange has no output.');
  for await (const line of createInterface(child.stdout)) {
    if (line.includes('"event":"ready"')) return JSON.parse(line) as Ready;
  }
  throw new Error('The exchange ended before it was ready.');
}

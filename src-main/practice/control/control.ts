import type { ServerResponse } from 'node:http';
import { isDecimal } from '../../domain/numbers.ts';
import { totalsOf } from '../engine/money/margin.ts';
import { fillByHand, triggerByHand } from '../engine/orders/match.ts';
import { closeByHand } from '../engine/orders/place.ts';
import type { Account } from '../engine/state/state.ts';
import { contractOf, isOpen, quoteOf } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { restExecution } from '../rows/execution.ts';
import { restOrder } from '../rows/order.ts';
import { restPosition } from '../rows/position.ts';
import { walletRow } from '../rows/wallet.ts';
import { type Fault, type FaultKind, faultKinds } from '../traffic/faults.ts';
import type { World } from '../world.ts';

type Body = Record<string, unknown>;
type Handler = (world: World, body: Body) => object | Promise<object>;

const text = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
};

const numberIn = (body: Body, name: string): number | null => {
  const value = body[name];
  if (value === undefined || value === null) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Refusal(400, `${name} is not a number`);
  return number;
};

function accountIn(world: World, body: Body): Account {
  const name = text(body, 'account');
  const account = world.venue.accounts.find((one) => one.role === name);
  if (account === undefined) throw new Refusal(404, `no account "${name}": main or mirror`);
  return account;
}

/** Everything the venue holds, in its own REST spelling, whole and without paging. */
const truth: Handler = ({ venue }) => ({
  now: venue.time.now(),
  market: venue.time.market(),
  accounts: venue.accounts.map((account) => {
    const totals = totalsOf(venue, account);
    return {
      account: account.role,
      uid: account.uid,
      marginMode: account.marginMode,
      positions: [...account.positions.values()]
        .filter(isOpen)
        .map((position) => restPosition(venue, account, position, totals)),
      orders: [...account.open.values()].map((order) => restOrder(venue, order)),
      ended: account.ended.slice(-500).map((order) => restOrder(venue, order)),
      executions: account.executions.slice(-1000).map(restExecution),
      wallet: walletRow(account, totals, null),
    };
  }),
});

const fill: Handler = (world, body) => {
  const account = accountIn(world, body);
  const order = account.open.get(text(body, 'orderId'));
  if (order === undefined) throw new Refusal(404, 'no open order with this orderId');
  if (order.status === 'Untriggered') {
    triggerByHand(world.venue, account, order);
    return { filled: order.filled, status: order.status };
  }
  const quantity = text(body, 'quantity');
  if (quantity !== '' && !isDecimal(quantity)) throw new Refusal(400, 'quantity is not a number');
  const filled = fillByHand(world.venue, account, order, quantity === '' ? null : quantity);
  return { filled, status: order.status };
};

const price: Handler = (world, body) => {
  const quote = quoteOf(world.venue, text(body, 'symbol'));
  const { grid } = quote.contract;
  const ticks = (name: string): number | null => {
    const value = text(body, name);
    if (value === '') return null;
    if (!isDecimal(value) || !(Number(value) > 0)) throw new Refusal(400, `${name} is not a price`);
    return Math.max(1, grid.ticks(value));
  };
  const last = ticks('price');
  if (last === null) throw new Refusal(400, 'price is missing');
  const mark = ticks('mark');
  const index = ticks('index');
  const own = { ...(mark === null ? {} : { mark }), ...(index === null ? {} : { index }) };
  world.setPrice(quote, last, own, numberIn(body, 'holdMs') ?? 60_000);
  return { symbol: quote.contract.symbol, price: grid.price(quote.last) };
};

const close: Handler = (world, body) => {
  const account = accountIn(world, body);
  const contract = contractOf(world.venue, text(body, 'symbol'));
  const wanted = text(body, 'side').toLowerCase();
  const side = wanted === 'long' || wanted === 'buy' ? 'Buy' : 'Sell';
  const position = [...account.positions.values()].find(
    (one) => one.symbol === contract.symbol && one.side === side,
  );
  if (position === undefined) throw new Refusal(404, 'no such position');
  const order = closeByHand(world.venue, account, position);
  return { orderId: order.orderId, status: order.status };
};

const fault: Handler = (world, body) => {
  const kind = text(body, 'kind');
  if (kind === 'clear') {
    world.faults.clear();
    return { cleared: true };
  }
  if (!faultKinds.includes(kind as FaultKind)) {
    throw new Refusal(400, `no fault "${kind}": ${faultKinds.join(', ')} or clear`);
  }
  const account = text(body, 'account');
  if (kind === 'forgetClosed') {
    for (const one of world.venue.accounts) {
      if (account === '' || one.role === account) one.forgotten = one.ended.length;
    }
    return { armed: kind };
  }
  const forMs = numberIn(body, 'forMs');
  const count = numberIn(body, 'count');
  const path = text(body, 'path');
  const armed: Fault = {
    kind: kind as FaultKind,
    left: count ?? (forMs === null && kind !== 'clockSkew' ? 1 : null),
    until: forMs === null ? null : world.real() + forMs,
    path: path === '' ? null : path,
    account: account === '' ? null : account,
    ms: numberIn(body, 'ms') ?? (kind === 'clockSkew' ? 10_000 : 1000),
    afterFrames: numberIn(body, 'afterFrames') ?? 0,
  };
  world.faults.arm(armed);
  world.onFault(armed);
  return { armed: kind };
};

const clock: Handler = async (world, body) => {
  const speed = numberIn(body, 'speed');
  const advanceMs = numberIn(body, 'advanceMs');
  if (speed !== null) {
    if (speed < 0) throw new Refusal(400, 'speed cannot be negative');
    await world.catchUp();
    world.venue.time.setSpeed(speed);
  }
  if (advanceMs !== null) {
    if (advanceMs < 0) throw new Refusal(400, 'time does not go back');
    await world.push(advanceMs);
  }
  const { time } = world.venue;
  return { now: time.now(), market: time.market(), speed: time.speed };
};

const handlers: Record<string, { method: string; handle: Handler }> = {
  '/practice/truth': { method: 'GET', handle: truth },
  '/practice/requests': { method: 'GET', handle: (world) => world.requests.all() },
  '/practice/fill': { method: 'POST', handle: fill },
  '/practice/price': { method: 'POST', handle: price },
  '/practice/close': { method: 'POST', handle: close },
  '/practice/fault': { method: 'POST', handle: fault },
  '/practice/clock': { method: 'POST', handle: clock },
};

/** Answers the practice exchange's own calls: plain JSON, `{"error": sentence}` on refusal. */
export async function answerPractice(
  world: World,
  method: string,
  path: string,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const known = handlers[path];
  if (known === undefined) return send(response, 404, { error: `no call ${path}` });
  if (known.method !== method) return send(response, 405, { error: `use ${known.method}` });
  try {
    send(response, 200, await known.handle(world, parsed(body)));
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const status = thrown.code === 404 ? 404 : 400;
    send(response, status, { error: thrown.message });
  }
}

function parsed(body: string): Body {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Body;
  } catch {
    // answered below
  }
  throw new Refusal(400, 'the body is not JSON');
}

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

import type { ServerResponse } from 'node:http';
import { totalsOf } from '../engine/money/margin.ts';
import { isOpen } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { restExecution } from '../rows/execution.ts';
import { restOrder } from '../rows/order.ts';
import { restPosition } from '../rows/position.ts';
import { walletRow } from '../rows/wallet.ts';
import type { World } from '../world.ts';
import { type Body, type Handler, numberIn } from './body.ts';
import { fault } from './fault.ts';
import { cancel, close, fill, order, price, stop } from './hands.ts';

/** Everything the venue holds, in its own REST spelling, whole and without paging. */
const truth: Handler = ({ venue }) => ({
  now: venue.time.now(),
  market: venue.time.market(),
  accounts: venue.accounts.map((account) => {
    const totals = totalsOf(venue, account);
    return {
      account: account.name,
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
  '/practice/stop': { method: 'POST', handle: stop },
  '/practice/cancel': { method: 'POST', handle: cancel },
  '/practice/order': { method: 'POST', handle: order },
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

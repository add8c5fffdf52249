import { times, toStep } from '../../domain/numbers.ts';
import { applyFill, end } from '../engine/orders/fill.ts';
import { during } from '../engine/state/batch.ts';
import { closingOrder } from '../engine/state/new-order.ts';
import { type Account, isLive, type Position } from '../engine/state/state.ts';
import {
  contractOf,
  isOpen,
  lastPrice,
  openOrdersOf,
  quoteOf,
  type Venue,
} from '../engine/state/venue.ts';
import type { Plan } from './build.ts';
import { deskPlans, openEach, populateDesk } from './desk.ts';

/** Everything falls by a tenth or so at once: through every stop of a long. */
export function gapDown(venue: Venue, at: number): void {
  let turn = 0;
  for (const quote of venue.market.quotes.values()) {
    const share = 0.86 + (turn % 7) * 0.01;
    turn += 1;
    const to = Math.max(1, Math.round(quote.last * share));
    quote.anchor = to;
    venue.market.move(quote, to, at);
  }
}

/** Every position is still being entered. */
export function populateBuilding(venue: Venue, symbols: readonly string[]): void {
  const plans = deskPlans(symbols).map((plan): Plan => ({ ...plan, stage: 'building' }));
  openEach(venue, { main: '52000', mirror: '17000' }, () => plans);
}

/** The market comes to the nearest open entry of one symbol. */
export function meetEntry(venue: Venue, turn: number, at: number): void {
  const held = [...(venue.accounts[0]?.positions.values() ?? [])].filter(isOpen);
  const symbol = held[turn % Math.max(1, held.length)]?.symbol ?? 'BTCUSDT';
  const quote = quoteOf(venue, symbol);
  const levels = venue.accounts
    .flatMap((account) => openOrdersOf(account, symbol))
    .filter((order) => isLive(order) && !order.reduceOnly)
    .map((order) => quote.contract.grid.ticks(order.price))
    .sort((a, b) => Math.abs(a - quote.last) - Math.abs(b - quote.last));
  const level = levels[0];
  if (level === undefined) return;
  quote.anchor = level;
  venue.market.move(quote, level, at);
}

/** The desk, but the mirror no longer fits: sizes off, one closed, TPs missing, one stop gone. */
export function populateDrift(venue: Venue, symbols: readonly string[]): void {
  populateDesk(venue, symbols);
  venue.time.lookBack(0);
  const mirror = venue.accounts.find((account) => account.role === 'mirror');
  if (mirror === undefined) return;
  const open = [...mirror.positions.values()].filter(isOpen);
  for (const [at, position] of open.entries()) {
    if (at % 6 === 0) sellShare(venue, mirror, position, '0.35');
    if (at === 7) sellShare(venue, mirror, position, '1');
    if (at % 9 === 4)
      dropOrders(venue, mirror, position, (order) => order.reduceOnly && isLive(order));
    if (at === 11) {
      dropOrders(venue, mirror, position, (order) => order.status === 'Untriggered');
      position.stopLoss = '';
    }
  }
}

/** One more mirror position drifts away by hand. */
export function driftOn(venue: Venue, turn: number): void {
  const mirror = venue.accounts.find((account) => account.role === 'mirror');
  const open = mirror === undefined ? [] : [...mirror.positions.values()].filter(isOpen);
  const position = open[(turn * 5) % Math.max(1, open.length)];
  if (mirror !== undefined && position !== undefined) sellShare(venue, mirror, position, '0.2');
}

function sellShare(venue: Venue, account: Account, position: Position, share: string): void {
  if (position.side === '') return;
  const contract = contractOf(venue, position.symbol);
  const quantity = toStep(times(position.size, share), contract.step, 'up');
  const price = lastPrice(quoteOf(venue, position.symbol));
  const order = {
    ...closingOrder(venue, position, price, 'CreateByClosing'),
    qty: quantity,
  };
  during(venue, account, (batch) =>
    applyFill(venue, account, batch, { order, quantity, price, maker: false }),
  );
}

function dropOrders(
  venue: Venue,
  account: Account,
  position: Position,
  which: (order: ReturnType<typeof openOrdersOf>[number]) => boolean,
): void {
  during(venue, account, (batch) => {
    for (const order of openOrdersOf(account, position.symbol)) {
      if (!which(order)) continue;
      const status = isLive(order) ? 'Cancelled' : 'Deactivated';
      end(account, batch, order, { status, cancelType: 'CancelByUser' });
    }
  });
}

/** Hedge mode: a long and a short of fifteen contracts on each account. */
export function populateHedge(venue: Venue, symbols: readonly string[]): void {
  for (const account of venue.accounts) account.hedgeCoins.add('USDT');
  const plans = deskPlans(symbols)
    .slice(0, 15)
    .flatMap((plan): Plan[] => [
      { ...plan, side: 'Buy', idx: 1 },
      { ...plan, side: 'Sell', idx: 2, conditionalStop: false },
    ]);
  openEach(venue, { main: '52000', mirror: '17000' }, () => plans);
}

/** 400 positions and 2,400 orders on each account: one entry, four targets and a stop each. */
export function populateCrowd(venue: Venue): void {
  const plans = [...venue.contracts.values()]
    .filter((contract) => contract.settle === 'USDT')
    .slice(0, 400)
    .map(
      ({ symbol }, at): Plan => ({
        symbol,
        side: at % 3 === 1 ? 'Sell' : 'Buy',
        stage: 'built',
        value: String(1200 + ((at * 37) % 900)),
        leverage: '10',
        conditionalStop: false,
        idx: 0,
      }),
    );
  openEach(venue, { main: '520000', mirror: '170000' }, () => plans);
}

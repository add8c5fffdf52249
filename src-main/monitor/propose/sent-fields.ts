import type { ProposedField, ProposedStep } from '../../../src-preload/contract/approvals.ts';
import {
  absolute,
  type Decimal,
  dividedBy,
  isPositive,
  less,
  minus,
  rounded,
  times,
} from '../../domain/numbers.ts';
import type { Facts } from '../goals/facts.ts';
import type { PlacedOrder, Step, Write } from '../goals/step.ts';
import { heldOf, ordersOf } from './known-parts.ts';
import { sentence } from './sentences.ts';

/** An order or a stop as it stands, for the column beside what is to be sent. */
interface Standing {
  quantity: string | null;
  price: Decimal | null;
  triggerPrice: Decimal | null;
  triggerBy: string | null;
  stopLoss: Decimal | null;
}

/** A step as the exchange gets it: its call and each field by the exchange's own name. */
export function callOf({ write, text, symbol, positionIdx }: Step, facts: Facts): ProposedStep {
  const { call, fields } = sent(write, facts);
  const hedge = positionIdx === 0 ? 'one-way mode' : `the ${positionIdx === 1 ? 'long' : 'short'}`;
  const place = call.startsWith('position') || call === 'order/create';
  return {
    text: sentence(text),
    call,
    fields: [
      field('category', 'linear', 'USDT perpetuals'),
      field('symbol', symbol),
      ...(place ? [field('positionIdx', String(positionIdx), hedge)] : []),
      ...fields,
    ],
  };
}

function sent(write: Write, facts: Facts): { call: string; fields: ProposedField[] } {
  const held = heldOf(facts);
  const now = standingOf(write, facts);
  switch (write.do) {
    case 'set-stop': {
      const { stopLoss, triggerBy } = write;
      const whole = 'the whole position, whatever its size becomes';
      const fields = [
        field('tpslMode', 'Full', whole),
        main('stopLoss', stopLoss, awayFrom(facts, stopLoss), held?.stop?.price ?? 'none'),
        field('slTriggerBy', triggerBy, prices[triggerBy], held?.stop?.triggerBy ?? null),
      ];
      return { call: 'position/trading-stop', fields };
    }
    case 'set-trail': {
      const { trailingStop, activePrice } = write;
      const fields = [
        field('tpslMode', 'Full', 'the whole position, whatever its size becomes'),
        main('trailingStop', trailingStop, 'its distance', held?.trail?.distance ?? 'none'),
        ...(activePrice === null
          ? []
          : [field('activePrice', activePrice, 'it sleeps until this price')]),
      ];
      return { call: 'position/trading-stop', fields };
    }
    case 'amend': {
      const { orderId, quantity, price, triggerPrice, triggerBy, stopLoss } = write;
      const fields = [
        field('orderId', orderId),
        ...optional('qty', quantity, 'in all, what is filled included', now.quantity),
        ...optional('price', price, '', now.price),
        ...optional(
          'triggerPrice',
          triggerPrice,
          triggerPrice ? awayFrom(facts, triggerPrice) : '',
          now.triggerPrice,
        ),
        ...optional('triggerBy', triggerBy, triggerBy ? prices[triggerBy] : '', now.triggerBy),
        ...optional('stopLoss', stopLoss, 'the stop it carries', now.stopLoss),
      ];
      return { call: 'order/amend', fields };
    }
    case 'cancel':
      return {
        call: 'order/cancel',
        fields: [{ ...field('orderId', write.orderId), matters: true }],
      };
    case 'close': {
      const { side, quantity } = write;
      const fields = [
        field('side', side, side === 'Sell' ? 'closes a long' : 'closes a short'),
        field('orderType', 'Market', 'at once, at the best prices there are'),
        main('qty', quantity, '', null),
        field('reduceOnly', 'true', 'can only make the position smaller'),
      ];
      return { call: 'order/create', fields };
    }
    default:
      return { call: 'order/create', fields: placed(write) };
  }
}

function placed(order: PlacedOrder): ProposedField[] {
  const { side, type, quantity, price, timeInForce, reduceOnly, closeOnTrigger } = order;
  const { triggerPrice, triggerBy, triggerDirection, stopLoss } = order;
  return [
    field('side', side),
    field('orderType', type, type === 'Market' ? 'at the best prices there are' : ''),
    main('qty', quantity, '', null),
    ...optional('price', price, '', null),
    ...(timeInForce ? [field('timeInForce', timeInForce, lasting[timeInForce] ?? '')] : []),
    ...(reduceOnly ? [field('reduceOnly', 'true', 'can only make the position smaller')] : []),
    ...(closeOnTrigger ? [field('closeOnTrigger', 'true', 'goes before other orders')] : []),
    ...optional('triggerPrice', triggerPrice, 'it waits for this price', null),
    ...(triggerBy ? [field('triggerBy', triggerBy, prices[triggerBy])] : []),
    ...(triggerDirection
      ? [field('triggerDirection', String(triggerDirection), directions[triggerDirection])]
      : []),
    ...optional('stopLoss', stopLoss, 'the stop of the position once it executes', null),
  ];
}

/** "2.14 % below the price of 61388". */
function awayFrom({ prices: known }: Facts, level: Decimal): string {
  const price = known.known ? (known.value.last ?? known.value.mark) : null;
  if (price === null || !isPositive(price)) return '';
  const share = rounded(times(absolute(dividedBy(minus(level, price), price)), '100'), 2);
  return `${share} % ${less(level, price) ? 'below' : 'above'} the price of ${price}`;
}

const prices = {
  LastPrice: 'set off by the last price',
  MarkPrice: 'set off by the mark price',
  IndexPrice: 'set off by the index price',
};

const lasting: Readonly<Record<string, string>> = { GTC: 'stays until it is filled or cancelled' };

const directions = { 1: 'when the price rises to it', 2: 'when the price falls to it' };

const field = (
  name: string,
  value: string,
  meaning = '',
  now: string | null = null,
): ProposedField => ({ field: name, now, value, meaning, matters: false });

const main = (name: string, value: string, meaning: string, now: string | null): ProposedField => ({
  ...field(name, value, meaning, now),
  matters: true,
});

const optional = (
  name: string,
  value: string | undefined,
  meaning: string,
  now: string | null,
): ProposedField[] => (value === undefined ? [] : [main(name, value, meaning, now)]);

const nothingStands: Standing = {
  quantity: null,
  price: null,
  triggerPrice: null,
  triggerBy: null,
  stopLoss: null,
};

function standingOf(write: Write, facts: Facts): Standing {
  const orders = ordersOf(facts);
  if (write.do !== 'amend' || orders === null) return nothingStands;
  const { orderId } = write;
  const stop = orders.stops.find((one) => one.orderId === orderId);
  if (stop) {
    const { quantity, price, triggerBy } = stop;
    return { ...nothingStands, quantity, triggerPrice: price, triggerBy };
  }
  const rung = orders.rungs.find((one) => one.orderId === orderId);
  if (rung) {
    const { quantity, price, conditional } = rung;
    const where = conditional ? { triggerPrice: price } : { price };
    return { ...nothingStands, quantity, ...where };
  }
  const entry = orders.entries.find((one) => one.orderId === orderId);
  if (!entry) return nothingStands;
  const { quantity, price, stopLoss } = entry;
  return { ...nothingStands, quantity, price, stopLoss };
}

import { deleverage } from '../engine/account/deleverage.ts';
import { delist } from '../engine/account/delist.ts';
import { contractOf, isOpen } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { type Fault, type FaultKind, faultKinds } from '../traffic/faults.ts';
import type { World } from '../world.ts';
import { accountIn, type Body, type Handler, numberIn, text } from './body.ts';

/** Faults that happen at once instead of lying in wait. */
const atOnce: Partial<Record<FaultKind, (world: World, body: Body) => void>> = {
  forgetClosed(world, body) {
    const account = text(body, 'account');
    for (const one of world.venue.accounts) {
      if (account === '' || one.name === account) one.forgotten = one.ended.length;
    }
  },
  delist: (world, body) => delist(world.venue, contractOf(world.venue, text(body, 'symbol'))),
  /** The mark leaves the index: it stands at `share` of it for a while; everywhere without a symbol. */
  mark(world, body) {
    const symbol = text(body, 'symbol');
    if (symbol !== '') contractOf(world.venue, symbol);
    const share = numberIn(body, 'share') ?? 0.97;
    if (!(share > 0)) throw new Refusal(400, 'share is not above 0');
    world.divergeMark(symbol === '' ? null : symbol, share, numberIn(body, 'forMs') ?? 60_000);
  },
  adl(world, body) {
    const account = accountIn(world, body);
    const position = [...account.positions.values()].find(
      (one) => one.symbol === text(body, 'symbol') && isOpen(one),
    );
    if (position === undefined) throw new Refusal(404, 'no such position');
    deleverage(world.venue, account, position, text(body, 'share') || '0.5');
  },
};

/** Makes something go wrong: at once, so many times, or for a while. */
export const fault: Handler = (world, body) => {
  const wanted = text(body, 'kind');
  if (wanted === 'clear') {
    world.clearFaults();
    return { cleared: true };
  }
  const kind = faultKinds.find((one) => one === wanted);
  if (kind === undefined)
    throw new Refusal(400, `no fault "${wanted}": ${faultKinds.join(', ')} or clear`);
  const strike = atOnce[kind];
  if (strike !== undefined) {
    strike(world, body);
    return { armed: kind };
  }
  const forMs = numberIn(body, 'forMs');
  const count = numberIn(body, 'count');
  const named = (name: string): string | null => text(body, name) || null;
  const armed: Fault = {
    kind,
    left: count ?? (forMs === null && kind !== 'clockSkew' ? 1 : null),
    until: forMs === null ? null : world.real() + forMs,
    path: named('path'),
    account: named('account'),
    topic: named('topic'),
    ms: numberIn(body, 'ms') ?? usualMs[kind] ?? 1000,
    afterFrames: numberIn(body, 'afterFrames') ?? 0,
    odd: kind === 'oddRow' ? oddIn(world, body) : null,
  };
  world.faults.arm(armed);
  world.onFault(armed);
  return { armed: kind };
};

function oddIn(world: World, body: Body): Fault['odd'] {
  const { symbol } = contractOf(world.venue, text(body, 'symbol'));
  const field = text(body, 'field');
  if (field === '') throw new Refusal(400, 'field is missing');
  return { symbol, field, value: body.value };
}

const usualMs: Partial<Record<FaultKind, number>> = { clockSkew: 10_000, lag: 5000 };

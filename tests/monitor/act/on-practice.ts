import type { Monitor } from '../../../src-main/domain/monitor.ts';
import { legBreakeven } from '../../../src-main/monitor/rules/breakeven.ts';
import type { DeskRig } from '../../support/desk-rig.ts';
import type { VirtualDesk } from '../../support/virtual-desk.ts';

interface Truth {
  accounts: {
    account: string;
    positions: { symbol: string; stopLoss: string; size: string; avgPrice: string }[];
    orders: {
      symbol: string;
      orderId: string;
      reduceOnly: boolean;
      qty: string;
      stopOrderType: string;
      triggerPrice: string;
      triggerBy: string;
    }[];
  }[];
}
export type Request = {
  method: string;
  path: string;
  body: string;
  account?: string;
  retCode: number | null;
};

export const truthOf = async ({ ask }: VirtualDesk, account: string) => {
  const truth = await ask<Truth>('truth');
  const found = truth.accounts.find((one) => one.account === account);
  if (!found) throw new Error(`no ${account}`);
  return found;
};

export const writesOf = async ({ ask }: VirtualDesk): Promise<Request[]> => {
  const { requests } = await ask<{ requests: Request[] }>('requests');
  return requests.filter((request) => request.method === 'POST' && request.path.startsWith('/v5/'));
};

/** A monitor that still has entries open, all its take-profits, and this sort of stop. */
export function pick(
  desk: DeskRig,
  account: string,
  source: 'position' | 'order',
  entries = true,
): Monitor {
  const found = desk.loop
    .monitors()
    .find(
      (one) =>
        one.account === account &&
        one.stop?.source === source &&
        one.takeProfits.length === 4 &&
        one.entries.some((entry) => entry.open) === entries,
    );
  if (!found) throw new Error('the scenario has no such position');
  return found;
}

export const fillFirst = ({ ask }: VirtualDesk, monitor: Monitor) =>
  ask('fill', { account: monitor.account, orderId: monitor.takeProfits[0]?.orderId });

export function breakevenOf(desk: DeskRig, monitor: Monitor): string {
  const fee = desk.cache.feeRate(monitor.account, monitor.symbol)?.taker ?? '';
  return legBreakeven({
    side: monitor.side,
    entryPrice: monitor.entryPrice ?? '',
    feeIn: fee,
    feeOut: fee,
    tickSize: desk.cache.instrument(monitor.symbol)?.tickSize ?? '',
  });
}

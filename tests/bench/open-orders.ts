import { type PracticePlace, practice } from '../support/desk-rig.ts';

/** Open orders of each account, as the issue has it: 30 positions, 91 orders, three pages. */
export const ORDERS = 91;

/** Cancels entries, then the furthest take-profits, until the wanted number is left. */
export async function trim(place: PracticePlace): Promise<void> {
  const { accounts } = await practice<Truth>(place, 'truth');
  for (const { account, orders } of accounts) {
    const plain = orders.filter((order) => order.stopOrderType === '');
    const entries = plain.filter((order) => !order.reduceOnly);
    const rungs = plain.filter((order) => order.reduceOnly);
    const surplus = [...entries, ...rungs.toReversed()].slice(0, orders.length - ORDERS);
    for (const { orderId } of surplus) await practice(place, 'cancel', { account, orderId });
  }
}

interface Truth {
  accounts: {
    account: string;
    orders: { orderId: string; stopOrderType: string; reduceOnly: boolean }[];
  }[];
}

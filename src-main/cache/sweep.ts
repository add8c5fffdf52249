import type { Clock } from '../domain/clock.ts';
import type { AccountCache } from './account-cache.ts';

/** How long a push may come after the read that already shows it, before it counts as missing. ms. */
const LATE_PUSH_MS = 1_000;

/**
 * What a sweep reads besides positions and the orders of what is held. The venue may list an execution
 * long after the fact: read again from the last one seen, each is taken in once. Of a settle coin in
 * which the account holds nothing, an order that nobody told of protects nothing, and its fill is a
 * position that every sweep would find.
 */
export type SweptBesides = 'wallet and all orders' | 'executions' | 'everything';

/** What a full sweep of one account proved. */
export type SweepResult =
  | { state: 'ok'; differences: number }
  | { state: 'unknown'; reason: string };

/**
 * Reads positions, orders, wallet and the last executions whole, and compares the first three with what
 * the stream has kept. A row that differs, and of which the stream does not speak within a second, is
 * a difference: counted, and from then on as read. While the stream is not ready there is nothing to
 * compare, only to read.
 */
export async function sweepAccount(
  account: AccountCache,
  clock: Clock,
  besides: SweptBesides = 'everything',
): Promise<SweepResult> {
  const { book, session } = account;
  const asked = book.now();
  const { positions, orders, wallet, executions } = account.slots;
  const compared = new Set([positions, orders, wallet].filter((slot) => slot.confirmed));
  const read = [
    positions,
    orders,
    ...(besides === 'executions' ? [] : [wallet]),
    ...(besides === 'wallet and all orders' ? [] : [executions]),
  ];
  const briefly = besides === 'executions';
  const outcomes = await Promise.all(
    read.map(async (slot) => ({ slot, outcome: await slot.refresh(briefly && slot === orders) })),
  );
  const suspects: { slot: (typeof outcomes)[number]['slot']; id: string }[] = [];
  for (const { slot, outcome } of outcomes) {
    if (outcome.failure !== null) return { state: 'unknown', reason: outcome.failure };
    if (!compared.has(slot) || account.session !== session) continue;
    for (const id of outcome.changed) suspects.push({ slot, id });
  }
  if (suspects.length === 0) return { state: 'ok', differences: 0 };
  await new Promise<void>((resolve) => {
    clock.after(LATE_PUSH_MS, resolve);
  });
  if (account.session !== session) return { state: 'ok', differences: 0 };
  let differences = 0;
  for (const { slot, id } of suspects) {
    const told = slot === wallet ? book.wallet.pushedSince(asked) : book.pushedSince(asked, id);
    if (told) continue;
    slot.counts.sweepDifferences += 1;
    differences += 1;
  }
  return { state: 'ok', differences };
}

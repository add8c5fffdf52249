import type { Oddity } from '../../domain/set-aside.ts';
import { listOf, MalformedRow, type Payload, payloadOf } from '../bybit/fields.ts';
import type { Understood } from '../bybit/understood.ts';
import { malformed, unreadable, type Walk } from './page-walk.ts';
import type { Outcome } from './rest-client.ts';

/** An answer of one page, or nothing. */
export async function onePage<Row>(
  asked: Promise<Outcome>,
  rowsOf: (result: Payload) => Row[],
): Promise<Walk<Row>> {
  const outcome = await asked;
  if (!outcome.ok) return outcome;
  try {
    const rows = rowsOf(payloadOf(outcome.result, 'an answer'));
    return { ok: true, rows, odd: [], time: outcome.time };
  } catch (thrown) {
    if (thrown instanceof MalformedRow) return malformed(thrown);
    throw thrown;
  }
}

/** A page about what is asked for by name: something odd in it makes it a failed read. */
export async function named<Row>(
  asked: Promise<Outcome>,
  read: (list: readonly unknown[]) => Understood<Row>,
): Promise<Walk<Row>> {
  let odd: readonly Oddity[] = [];
  const walk = await onePage(asked, (result) => {
    const page = read(listOf(result['list'], 'a list'));
    odd = page.odd;
    return page.rows;
  });
  const [first] = odd;
  return walk.ok && first !== undefined ? { ...unreadable(first.sentence), odd } : walk;
}

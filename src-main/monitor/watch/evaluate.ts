import type { Look } from '../../cache/cache.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { isZero } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { expectedSize, isGone, reopenedAtOnce, wentFlatAt } from '../rules/absence.ts';
import { detect, type Finding, isOver } from '../rules/detect.ts';
import { onlyReduces } from '../rules/roles.ts';
import { isSame } from './stands.ts';
import type { Watch } from './watch.ts';

export interface Evaluated {
  /** The monitor is not what it was. */
  changed: boolean;
  findings: Finding[];
  /** Executions taken in now. */
  taken: Execution[];
  /** Own orders to ask the venue about by id. */
  unseen: string[];
  /** The position seems gone: positions are to be read whole once more (P19). */
  lookAgain: boolean;
  /** The story is over; what is at its place now is another position. */
  over: boolean;
}

const nothingNew: Evaluated = {
  changed: false,
  findings: [],
  taken: [],
  unseen: [],
  lookAgain: false,
  over: false,
};

/**
 * Brings one watch up to a look. A look that is not known changes nothing: executions wait in the
 * queue, the monitor stands as it was last known.
 */
export function evaluate(
  watch: Watch,
  look: Look,
  now: number,
  ended: (orderId: string) => Order | null,
): Evaluated {
  watch.known = look.known;
  if (!look.known || isSame(watch, look)) return nothingNew;
  const before = watch.monitor;
  const sameSide = isSamePosition(before, look.position) ? look.position : null;
  const sizeAsOf = watch.sizeAsOf === 0 ? before.updatedAt : watch.sizeAsOf;
  const flatAt = wentFlatAt(before, sizeAsOf, watch.queue);
  const again =
    sameSide !== null &&
    ((flatAt !== null && (sameSide.updatedAt ?? 0) > flatAt) ||
      reopenedAtOnce(before, sizeAsOf, watch.queue, sameSide));
  const position = again ? null : sameSide;
  const replaced = look.position !== null && position === null;
  const expected = expectedSize(before);
  const missing = position === null && !isZero(expected);
  if (position) {
    watch.absence = null;
    watch.sizeAsOf = position.updatedAt ?? 0;
    watch.sizeSeq = position.seq;
  } else if (missing) {
    watch.absence ??= { firstWholeAsOf: look.wholeAsOf, since: now };
  }
  const gone =
    watch.absence !== null &&
    (replaced ||
      isGone(watch.absence, {
        now,
        executionsAsOf: look.executionsAsOf,
        wholeAsOf: look.wholeAsOf,
        size: expected,
        sizeAsOf: watch.sizeAsOf,
        executions: watch.closing,
        ordersStand: look.orders.some((order) => onlyReduces(order, before.side)),
      }));
  if (gone) watch.absence = null;
  const taken = [...watch.queue];
  const found = detect(before, {
    now,
    position,
    orders: look.orders,
    executions: taken,
    closing: watch.closing.filter((execution) => !isInSize(watch, execution)),
    ended,
    forgotten: forgottenBy(watch),
    gone,
  });
  // Only now: what cannot be judged is judged again, with everything that was to be taken in.
  watch.queue = watch.queue.slice(taken.length);
  watch.seenVersion = look.version;
  watch.monitor = found.monitor;
  // Entries that ended just now: whether what they filled is open is asked of the next look.
  if (position === null && !gone && !isZero(expectedSize(found.monitor)))
    watch.absence ??= { firstWholeAsOf: look.wholeAsOf, since: now };
  // An order whose end is still to be learnt makes the next look worth it.
  if (found.unseen.length > 0) watch.seenVersion = -1;
  if (found.protection) {
    watch.covered = found.protection.covered;
    watch.spareStops = found.protection.spare;
    watch.unprotectedSince = found.protection.complete ? null : (watch.unprotectedSince ?? now);
  }
  return {
    changed: found.monitor !== before,
    findings: found.findings,
    taken,
    unseen: found.unseen,
    lookAgain: missing && !gone,
    over:
      // What only waited gives its place to what is open, whatever of it still rests.
      (replaced && isZero(found.monitor.size)) ||
      (found.monitor.phase === 'closed' &&
        (look.position !== null || isOver(found.monitor, look.orders))),
  };
}

/**
 * The position of the monitor and no other that was opened at its place since: of another side, or, where
 * the venue says so, of another time (M1).
 */
const isSamePosition = (
  { side, opening, size }: Monitor,
  position: Position | null,
): position is Position =>
  position?.side === side &&
  (isZero(size) || opening === null || position.openedAt === null || position.openedAt === opening);

/** The size that was last told has it in: it says nothing of how the rest ended. */
const isInSize = ({ sizeAsOf, sizeSeq }: Watch, { seq, executedAt }: Execution): boolean =>
  seq !== null && sizeSeq >= 0 ? seq <= sizeSeq : executedAt <= sizeAsOf;

/** The answer of one place may lag: that nobody knows an order is said twice before it counts. */
const SAID_BEFORE_IT_COUNTS = 2;

const forgottenBy = ({ notFound }: Watch): ReadonlySet<string> =>
  new Set(
    [...notFound].flatMap(([orderId, times]) => (times >= SAID_BEFORE_IT_COUNTS ? [orderId] : [])),
  );

import { type CloseReason, closeReason } from '../../domain/close-reason.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Monitor, Phase, PlannedEntry, Stop } from '../../domain/monitor.ts';
import { approximate, type Decimal, equal, greater, isZero, minus } from '../../domain/numbers.ts';
import { isOwnLink, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { entryFrom, targetOf } from './adopt.ts';
import { type Evidence, fillOf } from './fills.ts';
import { type LadderUpdate, updateLadder } from './ladder.ts';
import { planAfter, riskAfter } from './plan.ts';
import { isNewCover, type Protection, protectionOf, sameStop, sameStops } from './protection.ts';
import { byRole } from './roles.ts';

/** What the venue says of one position, known whole: doubtful data is not shown to `detect` (P19). */
export interface View {
  /** ms since 1970 UTC. */
  now: number;
  /** `null` when flat. */
  position: Position | null;
  /** Open orders of this account, symbol and position index. */
  orders: readonly Order[];
  /** Executions of this position not taken in before, oldest first. */
  executions: readonly Execution[];
  /** The latest executions that reduced the position, already taken in or not, oldest first. */
  closing: readonly Execution[];
  /** The last row of an order that is no longer open, when it is known. */
  ended: (orderId: string) => Order | null;
  /** Orders of which the venue knows nothing any more. */
  forgotten: ReadonlySet<string>;
  /** The absence of the position is proved: see `absence`. */
  gone: boolean;
}

/** What happened to a position, as far as the venue has confirmed it. */
export type Finding =
  | {
      kind: 'opened';
      size: Decimal;
      entryPrice: Decimal | null;
      /** What opened it, where that is told apart from its entry orders. */
      executions: readonly Execution[];
    }
  | { kind: 'entry-filled'; orderId: string; quantity: Decimal; filled: Decimal; of: Decimal }
  | { kind: 'entry-ended'; orderId: string; filled: Decimal; of: Decimal }
  | {
      kind: 'take-profit-partly' | 'take-profit-filled';
      level: number;
      orderId: string;
      price: Decimal;
      quantity: Decimal;
      filled: Decimal;
      of: Decimal;
    }
  /** More filled than ordered: the data is wrong and is shown, never hidden (P13). */
  | { kind: 'overfilled'; orderId: string; filled: Decimal; of: Decimal }
  | { kind: 'stop-changed'; before: Stop | null; after: Stop | null }
  | { kind: 'closed'; reason: CloseReason; size: Decimal }
  /** The entry orders ended, and nothing is open. */
  | { kind: 'withdrawn' };

export interface Detected {
  /** The same object when nothing changed. */
  monitor: Monitor;
  findings: Finding[];
  /** Own orders missing from the book of whose end nothing is known: ask the venue by id (P58). */
  unseen: string[];
  /** `null` while the position's absence is not proved. */
  protection: Protection | null;
}

/** What happened since `before`, worked out from values alone. */
export function detect(before: Monitor, view: View): Detected {
  const findings: Finding[] = [];
  const roles = byRole(view.orders, before.side);
  const evidenceOf = evidenceIn(view);
  // What is placed once a take-profit is hit is somebody's own doing.
  const isHit = before.takeProfits.some((rung) => rung.state === 'filled');
  const entries = updateEntries(before.entries, roles.entry, evidenceOf, isHit);
  findings.push(...entries.findings);
  const ladder = updateLadder(before.takeProfits, roles['take-profit'], before.side, evidenceOf);
  findings.push(...ladderFindings(ladder));

  const held = approximate(before.size) !== 0;
  const closed = held && view.position === null && view.gone;
  // While the absence is not proved the position stands as it was last known (P18, P19).
  const absent = view.position === null && !closed;
  const size = view.position?.size ?? (absent ? before.size : '0');
  const entryPrice = view.position ? view.position.entryPrice : before.entryPrice;
  if (!held && view.position) findings.push({ kind: 'opened', size, entryPrice, executions: [] });
  if (closed) {
    findings.push({
      kind: 'closed',
      reason: closeReason(before, view.closing),
      size: before.size,
    });
  }

  let { stop, otherStops, plan, rules } = before;
  let protection: Protection | null = null;
  if (!absent || !held) {
    protection = protectionOf(view.position, roles.stop);
    const found = protection.stop;
    if (!sameStop(before.stop, found)) {
      stop = found;
      if (!closed && isNewCover(before.stop, found))
        findings.push({ kind: 'stop-changed', before: before.stop, after: found });
    }
    if (!sameStops(otherStops, protection.others)) otherStops = protection.others;
  }
  if (view.position) {
    const full = protection?.full ?? null;
    plan = planAfter(before, {
      full,
      entryFilled: held && entries.findings.some(({ kind }) => kind === 'entry-filled'),
      addedRungs: ladder.added,
    });
    rules = riskAfter(before, entryPrice, full);
  }

  const withdrawn =
    !held &&
    view.position === null &&
    before.phase !== 'closed' &&
    entries.unseen.length === 0 &&
    entries.entries.every((entry) => !entry.open) &&
    (view.gone || entries.entries.every((entry) => isZero(entry.filledQuantity)));
  if (withdrawn) findings.push({ kind: 'withdrawn' });

  const phase = phaseOf({
    before: before.phase,
    ended: closed || withdrawn,
    open: approximate(size) !== 0,
    entriesOpen: entries.entries.some((entry) => entry.open),
    takingProfit: ladder.rungs.some((rung) => rung.state === 'filled'),
  });
  const targetSize =
    entries.entries === before.entries && equal(size, before.size)
      ? before.targetSize
      : targetOf(size, entries.entries);
  const opening = view.position?.openedAt ?? before.opening;
  const lastExecution = newest(before, view.executions);
  const unseen = [...entries.unseen, ...ladder.unseen];
  if (
    findings.length === 0 &&
    entries.entries === before.entries &&
    ladder.rungs === before.takeProfits &&
    stop === before.stop &&
    otherStops === before.otherStops &&
    plan === before.plan &&
    rules === before.rules &&
    opening === before.opening &&
    phase === before.phase &&
    lastExecution === before.lastExecution &&
    equal(size, before.size) &&
    (entryPrice === before.entryPrice ||
      (entryPrice !== null && before.entryPrice !== null && equal(entryPrice, before.entryPrice)))
  ) {
    return { monitor: before, findings, unseen, protection };
  }
  const monitor: Monitor = {
    ...before,
    phase,
    size,
    entryPrice,
    targetSize,
    entries: entries.entries,
    takeProfits: ladder.rungs,
    opening,
    stop,
    otherStops,
    plan,
    rules,
    lastExecution,
    openedAt: !held && view.position ? (view.position.openedAt ?? view.now) : before.openedAt,
    phaseChangedAt: phase === before.phase ? before.phaseChangedAt : view.now,
    updatedAt: view.now,
  };
  return { monitor, findings, unseen, protection };
}

/** A monitor whose story is over: the position closed and none of its own orders left. */
export const isOver = (monitor: Monitor, orders: readonly Order[]): boolean =>
  monitor.phase === 'closed' && byRole(orders, monitor.side).other.length === orders.length;

function evidenceIn(view: View): (orderId: string) => Evidence {
  return (orderId) => ({
    open: view.orders.find((order) => order.orderId === orderId),
    ended: view.ended(orderId),
    forgotten: view.forgotten.has(orderId),
    executions:
      view.executions.length === 0
        ? view.executions
        : view.executions.filter((execution) => execution.orderId === orderId),
  });
}

function ladderFindings(ladder: LadderUpdate): Finding[] {
  return ladder.filled.flatMap(({ rung, quantity, price }): Finding[] => {
    const orderId = rung.orderId ?? '';
    const total = { orderId, filled: rung.filledQuantity, of: rung.quantity };
    const over: Finding[] = greater(rung.filledQuantity, rung.quantity)
      ? [{ kind: 'overfilled', ...total }]
      : [];
    const kind = rung.state === 'filled' ? 'take-profit-filled' : 'take-profit-partly';
    return [{ kind, level: rung.level, price, quantity, ...total }, ...over];
  });
}

function updateEntries(
  before: PlannedEntry[],
  orders: readonly Order[],
  evidenceOf: (orderId: string) => Evidence,
  isHit: boolean,
): { entries: PlannedEntry[]; findings: Finding[]; unseen: string[] } {
  const findings: Finding[] = [];
  const unseen: string[] = [];
  let changed = false;
  const known = new Set(before.map((entry) => entry.orderId));
  const entries = before.map((entry) => {
    if (!entry.open) return entry;
    const { orderId } = entry;
    const fill = fillOf(evidenceOf(orderId), {
      filled: entry.filledQuantity,
      quantity: entry.quantity,
    });
    if (fill.state === 'unseen') unseen.push(orderId);
    const open = fill.state === 'open' || fill.state === 'unseen';
    const grew = fill.filled !== entry.filledQuantity && greater(fill.filled, entry.filledQuantity);
    if (!grew && open && equal(fill.quantity, entry.quantity)) return entry;
    changed = true;
    const total = { orderId, filled: fill.filled, of: fill.quantity };
    if (grew) {
      const quantity = minus(fill.filled, entry.filledQuantity);
      findings.push({ kind: 'entry-filled', quantity, ...total });
    }
    if (greater(fill.filled, fill.quantity)) findings.push({ kind: 'overfilled', ...total });
    if (fill.state === 'ended') findings.push({ kind: 'entry-ended', ...total });
    return { ...entry, quantity: fill.quantity, filledQuantity: fill.filled, open };
  });
  for (const order of orders) {
    if (known.has(order.orderId)) continue;
    changed = true;
    entries.push({ ...entryFrom(order), planned: !isHit || isOwnLink(order.orderLinkId) });
  }
  return { entries: changed ? entries : before, findings, unseen };
}

function phaseOf(now: {
  before: Phase;
  ended: boolean;
  open: boolean;
  entriesOpen: boolean;
  takingProfit: boolean;
}): Phase {
  if (now.ended || now.before === 'closed') return 'closed';
  if (!now.open) return now.before === 'adopted' ? 'adopted' : 'building';
  if (now.takingProfit) return 'taking-profit';
  if (now.before === 'adopted') return 'adopted';
  return now.entriesOpen ? 'building' : 'protected';
}

function newest(before: Monitor, executions: readonly Execution[]): Monitor['lastExecution'] {
  let last = before.lastExecution;
  for (const { execId, executedAt } of executions) {
    if (
      !last ||
      executedAt > last.executedAt ||
      (executedAt === last.executedAt && execId > last.execId)
    )
      last = { execId, executedAt };
  }
  return last;
}

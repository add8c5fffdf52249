import {
  type Decimal,
  dividedBy,
  greater,
  minus,
  plus,
  rounded,
  smallest,
  times,
  toStep,
} from '../../../domain/numbers.ts';
import type { Contract } from '../../prices/contracts.ts';

/** One step of a contract's risk limits: the larger the position, the more margin it needs. */
export interface Tier {
  id: number;
  /** Position value at most, settle coin. */
  limit: Decimal;
  maintenanceRate: Decimal;
  initialRate: Decimal;
  maxLeverage: Decimal;
  /** Taken off the maintenance margin, so that it rises without a jump from tier to tier. */
  deduction: Decimal;
}

const tiersEach = 10;
const width: Decimal = '2000000';

const known = new WeakMap<Contract, Tier[]>();

/** The tiers of a contract, lowest first: each adds half of the lowest rate. */
export function tiersOf(contract: Contract): Tier[] {
  const before = known.get(contract);
  if (before !== undefined) return before;
  const tiers: Tier[] = [];
  for (let id = 1; id <= tiersEach; id += 1) {
    const factor = plus('1', times('0.5', String(id - 1)));
    const maintenanceRate = smallest('0.5', times(contract.maintenanceRate, factor));
    const initialRate = times(maintenanceRate, '2');
    const below = tiers.at(-1);
    const step = minus(maintenanceRate, below?.maintenanceRate ?? maintenanceRate);
    tiers.push({
      id,
      limit: times(width, String(id)),
      maintenanceRate,
      initialRate,
      maxLeverage: id === 1 ? contract.maxLeverage : leverageOf(initialRate),
      deduction: plus(below?.deduction ?? '0', times(below?.limit ?? '0', step)),
    });
  }
  known.set(contract, tiers);
  return tiers;
}

const leverageOf = (initialRate: Decimal): Decimal =>
  rounded(toStep(dividedBy('1', initialRate), '0.01', 'down'), 2);

/** The tier a position value falls into; the highest for what lies above all. */
export function tierFor(contract: Contract, value: Decimal): Tier {
  const tiers = tiersOf(contract);
  return tiers.find((tier) => !greater(value, tier.limit)) ?? (tiers.at(-1) as Tier);
}

/** Maintenance rate of a whole position value, the deduction included. */
export function maintenanceRateFor(contract: Contract, value: Decimal): Decimal {
  const tier = tierFor(contract, value);
  return tier.id === 1
    ? tier.maintenanceRate
    : minus(tier.maintenanceRate, dividedBy(tier.deduction, value));
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../domain/failure.ts';
import { type Decimal, decimalsOf, dividedBy, toStep } from '../../domain/numbers.ts';

/** One perpetual as the venue lists it. Prices in the settle coin, quantities in the base coin. */
export interface Contract {
  symbol: string;
  base: string;
  settle: string;
  symbolType: string;
  tick: Decimal;
  minPrice: Decimal;
  maxPrice: Decimal;
  step: Decimal;
  minQty: Decimal;
  maxQty: Decimal;
  maxMarketQty: Decimal;
  maxLeverage: Decimal;
  /** Minutes between fundings. */
  fundingMinutes: number;
  limitX: Decimal;
  limitY: Decimal;
  /** Smallest order value, settle coin; 5 for every linear contract. */
  minNotional: Decimal;
  /** A delisted contract is `Closed`: nothing of it can be asked for by name any more. */
  status: 'Trading' | 'Closed';
  /** Maintenance margin rate of the lowest tier: half of what the highest leverage leaves. */
  maintenanceRate: Decimal;
  grid: Grid;
}

/** Prices of one contract counted in ticks, so that comparing and stepping is exact and cheap. */
export class Grid {
  readonly decimals: number;
  private readonly unit: number;

  constructor(tick: Decimal) {
    this.decimals = decimalsOf(tick);
    this.unit = Number(tick.replace('.', ''));
  }

  /** Price written with the tick's own decimals: 1040001 ticks of 0.10 are "104000.10". */
  price(ticks: number): Decimal {
    const digits = String(Math.max(0, ticks) * this.unit).padStart(this.decimals + 1, '0');
    if (this.decimals === 0) return digits;
    return `${digits.slice(0, -this.decimals)}.${digits.slice(-this.decimals)}`;
  }

  /** Nearest whole number of ticks. Exact for a price on the grid. */
  ticks(price: Decimal): number {
    const point = price.indexOf('.');
    const whole = point < 0 ? price : price.slice(0, point);
    const fraction = point < 0 ? '' : price.slice(point + 1);
    if (fraction.length > this.decimals) return this.ticks(toStep(price, this.price(1), 'nearest'));
    return Math.round(Number(whole + fraction.padEnd(this.decimals, '0')) / this.unit);
  }
}

type Row = [
  symbol: string,
  base: string,
  settle: string,
  symbolType: string,
  tick: string,
  minPrice: string,
  maxPrice: string,
  step: string,
  minQty: string,
  maxQty: string,
  maxMarketQty: string,
  maxLeverage: string,
  fundingMinutes: number,
  limitX: string,
  limitY: string,
];

/** The listed contracts from `resources/practice`, in the venue's order (by symbol). */
export function readContracts(): Map<string, Contract> {
  listed ??= readListed();
  // A copy: a contract can be delisted.
  return new Map(listed.map((contract) => [contract.symbol, { ...contract }]));
}

/** Read once in a process: the file does not change, and a test makes thousands of exchanges. */
let listed: readonly Contract[] | null = null;

function readListed(): readonly Contract[] {
  const file = JSON.parse(readFileSync(resourcePath('practice', 'instruments.json'), 'utf8')) as {
    rows: Row[];
  };
  return file.rows.map(toContract);
}

function toContract(row: Row): Contract {
  return {
    symbol: row[0],
    base: row[1],
    settle: row[2],
    symbolType: row[3],
    tick: row[4],
    minPrice: row[5],
    maxPrice: row[6],
    step: row[7],
    minQty: row[8],
    maxQty: row[9],
    maxMarketQty: row[10],
    maxLeverage: row[11],
    fundingMinutes: row[12],
    limitX: row[13],
    limitY: row[14],
    minNotional: '5',
    status: 'Trading',
    maintenanceRate: dividedBy('0.5', row[11]),
    grid: new Grid(row[4]),
  };
}

/** A file of `resources/`, found by walking up: the same from source and from the built bundle. */
function resourcePath(...parts: string[]): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(folder, 'resources', ...parts);
    if (existsSync(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  throw new Failure(
    'UNEXPECTED',
    `The file resources/${parts.join('/')} is missing. Install Holdfast again.`,
  );
}

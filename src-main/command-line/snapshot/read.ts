import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import { type Decimal, readDecimal } from '../../domain/numbers.ts';
import type { Side } from '../../domain/position.ts';

/** A number in JSON or in text, with all its digits; refused when digits were lost. */
const decimal = z.unknown().transform((value, context): Decimal => {
  const read = readDecimal(value);
  if (read !== null) return read;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no number` });
  return z.NEVER;
});
const side = z.enum(['Buy', 'Sell']).transform((word): Side => (word === 'Buy' ? 'long' : 'short'));

const positionShape = z.object({
  symbol: z.string().min(1),
  side,
  size: decimal,
  avgPrice: decimal,
  markPrice: decimal,
});

const orderShape = z.object({ order_id: z.string(), price: decimal, quantity: decimal });
const rungShape = orderShape.extend({ tp_number: z.number().int() });

const monitorShape = z.object({
  symbol: z.string().min(1),
  side,
  account_type: z.string().min(1),
  tp_orders: z.union([
    z.record(z.string(), rungShape).transform((rows) => Object.values(rows)),
    z.array(rungShape),
  ]),
  sl_order: orderShape.nullish().transform((order) => order ?? null),
  filled_tps: z
    .array(z.number().int())
    .nullish()
    .transform((levels) => levels ?? []),
});

const snapshotShape = z.object({
  timestamp: z.string(),
  bybit_positions: z.record(z.string(), z.array(positionShape)),
  pickle_monitors: z.record(z.string(), monitorShape),
});

/** Positions of each account and what the old system's monitors recorded of them. */
export type Snapshot = Omit<z.infer<typeof snapshotShape>, 'timestamp'> & {
  /** ms since 1970 UTC; the file names no zone and is taken for UTC. */
  takenAt: number;
};
export type RecordedPosition = z.infer<typeof positionShape>;
export type RecordedMonitor = z.infer<typeof monitorShape>;

/** What is wrong with the file, a clause: "it has no bybit_positions". */
function complaintOf({ issues }: z.ZodError, value: unknown): string {
  const [issue] = issues;
  const where = issue?.path.map(String) ?? [];
  const last = where.at(-1);
  if (last === undefined) return 'it holds no object';
  const parent = where.slice(0, -1).reduce<unknown>((of, name) => Object(of)[name], value);
  const name = where.join('.');
  return last in Object(parent) ? `${name} is not what it should be` : `it has no ${name}`;
}

/** Reads a monitor snapshot. Throws a `Failure` that says what is wrong with the file. */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`;
    throw new Failure('BAD_INPUT', `The file ${path} ${why}.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('BAD_INPUT', `${path} is not whole JSON. It may have been cut short.`);
  }
  const read = snapshotShape.safeParse(value);
  if (!read.success) {
    throw new Failure(
      'BAD_INPUT',
      `${path} is not a monitor snapshot: ${complaintOf(read.error, value)}.`,
    );
  }
  const { timestamp, ...rest } = read.data;
  const takenAt = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(timestamp) ? timestamp : `${timestamp}Z`);
  if (Number.isNaN(takenAt))
    throw new Failure('BAD_INPUT', `${path} is not a monitor snapshot: its time is ${timestamp}.`);
  return { ...rest, takenAt };
}

import { z } from 'zod';
import type { PositionKey } from '../../domain/keys.ts';
import { isDecimal } from '../../domain/numbers.ts';
import type { OrderSide } from '../../domain/order.ts';
import type { Side } from '../../domain/position.ts';

/**
 * What may lie in the database, checked both when it is saved and when it is loaded (P43). Strict:
 * a field that nobody declared here would be lost at the next start, so it is refused at once.
 */
export const decimal = z.string().refine(isDecimal, 'is not a decimal number');
export const nullableDecimal = decimal.nullable();
/** One of a union's names; the compiler asks for each, so that a new one cannot be forgotten here. */
export const oneOf = <Name extends string>(names: Record<Name, 1>): z.ZodType<Name> =>
  z.custom<Name>((value) => typeof value === 'string' && Object.hasOwn(names, value), 'is unknown');
export const text = z.string();
export const name = z.string().min(1);
export const time = z.number().int();
export const count = z.number().int().nonnegative();
export const position = z.custom<PositionKey>((value) => typeof value === 'string' && value !== '');
export const positionIdx = z.union([z.literal(0), z.literal(1), z.literal(2)]);
export const side = oneOf<Side>({ long: 1, short: 1 });
export const orderSide = oneOf<OrderSide>({ Buy: 1, Sell: 1 });

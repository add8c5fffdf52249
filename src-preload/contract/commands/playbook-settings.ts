import { z } from 'zod';

/** A decimal figure above zero, at most `most`; what is not is refused with a sentence. */
const figure = (most: number, unit: string) =>
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,12})?$/, `takes a figure in ${unit}. Nothing was changed.`)
    .refine(
      (text) => Number(text) > 0 && Number(text) <= most,
      `takes more than 0 and at most ${most} ${unit}. Nothing was changed.`,
    );

const percent = figure(100, '%');

/** Sums in millionths, so that thirds written to six digits count as they are written. */
const MILLIONTHS = 1e6;
const shares = z
  .array(percent)
  .min(1)
  .max(10, 'takes at most 10 take-profits. Nothing was changed.')
  .refine(
    (parts) =>
      parts.reduce((sum, part) => sum + Math.round(Number(part) * MILLIONTHS), 0) ===
      100 * MILLIONTHS,
    'The parts of the take-profits have to add up to 100 %. Nothing was changed.',
  );

const distanceUnit = z.enum(['%', 'ticks', 'R']);

/** What may be changed about an account's playbook: what is left out stays. */
export const playbookChange = z.strictObject({
  shares: shares.exactOptional(),
  foundLadder: z.enum(['as-found', 'shares']).exactOptional(),
  breakevenAfterTp1: z.boolean().exactOptional(),
  stopDistance: figure(50, '%').nullable().exactOptional(),
  trailing: z
    .strictObject({
      afterTakeProfit: z.int().min(1).max(10),
      distance: figure(1e9, 'the unit chosen'),
      unit: distanceUnit,
      by: z.enum(['exchange', 'steps']),
    })
    .refine(
      ({ unit, distance }) => unit !== '%' || Number(distance) <= 50,
      'A trailing stop takes a distance of at most 50 %. Nothing was changed.',
    )
    .nullable()
    .exactOptional(),
});

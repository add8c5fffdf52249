import { z } from 'zod';
import type { SettingsState } from '../settings.ts';
import { type SliceName, type SliceValue, sliceNames } from '../slices.ts';
import { command, id, nothing, path, typed } from './command.ts';

const between = (least: number, most: number, unit: string) => {
  const words = `takes ${least} to ${most} ${unit}. Nothing was changed.`;
  return z.number(words).min(least, words).max(most, words);
};
const seconds = (least: number, most: number) => between(least, most, 'seconds');

const span = z.number().int().min(0).max(1_000);
const calendar = z.strictObject({
  everythingHours: span,
  hourly: span,
  daily: span,
  weekly: span,
  monthly: span,
});

export const deskCommands = {
  /** A list slice answers `{rows}`, any other its value. */
  'state.get': command(z.strictObject({ slice: z.enum(sliceNames) })).answers<
    SliceValue<SliceName>
  >(),
  'cache.invalidate': command(
    z.strictObject({ account: id.optional(), kind: id.optional() }),
  ).answers<{ invalidated: number }>(),
  'cache.sweep': command(nothing).answers<{ differences: number }>(),
  'settings.update': command(
    z.strictObject({
      ttlSeconds: z.record(z.string().max(40), seconds(1, 86_400)).optional(),
      cacheEnabled: z.boolean().optional(),
      routineSaveSeconds: seconds(1, 600).optional(),
      backup: z
        .strictObject({
          minimumMinutes: between(1, 1440, 'minutes').optional(),
          keepRoutine: between(1, 1000, 'backups').int().optional(),
          sizeLimitMB: between(10, 1_000_000, 'MB').optional(),
          calendar: calendar.nullable().optional(),
          secondFolder: path.nullable().optional(),
        })
        .optional(),
    }),
  ).answers<SettingsState>(),
  /** Ends the pause that follows a restore; the accounts stay in watch. */
  'desk.resume': command(nothing).answers<{ resumed: boolean }>(),
  /** The practice exchange begins anew at the next start. */
  'practice.reset': command(z.strictObject({ confirm: typed })).answers<{ text: string }>(),
};

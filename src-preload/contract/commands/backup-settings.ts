import { z } from 'zod';
import { path } from './command.ts';

/** A figure between two ends; what is beyond them is refused with a sentence. */
export const between = (least: number, most: number, unit: string) => {
  const words = `takes ${least} to ${most} ${unit}. Nothing was changed.`;
  return z.number(words).min(least, words).max(most, words);
};

const span = between(0, 1_000, 'of them').int();
const calendar = z.strictObject({
  everythingHours: span,
  hourly: span,
  daily: span,
  weekly: span,
  monthly: span,
});

/** What may be changed about the backups: what is left out stays. */
export const backupSettings = z.strictObject({
  minimumMinutes: between(1, 1440, 'minutes').optional(),
  keepRoutine: between(1, 1000, 'backups').int().optional(),
  sizeLimitMB: between(10, 1_000_000, 'MB').optional(),
  calendar: calendar.nullable().optional(),
  secondFolder: path.nullable().optional(),
});

import { z } from 'zod';
import type { SettingsState } from '../settings.ts';
import { type SliceName, type SliceValue, sliceNames } from '../slices.ts';
import { backupSettings, between } from './backup-settings.ts';
import { command, id, nothing, typed } from './command.ts';
import { playbookChange } from './playbook-settings.ts';

const seconds = (least: number, most: number) => between(least, most, 'seconds');

export const deskCommands = {
  /** A list slice answers `{rows}`, any other its value. */
  'state.get': command(z.strictObject({ slice: z.enum(sliceNames) })).answers<
    SliceValue<SliceName>
  >(),
  'cache.invalidate': command(
    z.strictObject({ account: id.optional(), kind: id.optional() }),
  ).answers<{ invalidated: number }>(),
  'cache.sweep': command(nothing).answers<{ differences: number }>(),
  /** The operator has seen what happened while Holdfast was off: the `away` list is emptied. */
  'away.dismiss': command(nothing).answers<{ dismissed: number }>(),
  'settings.update': command(
    z.strictObject({
      ttlSeconds: z.record(z.string().max(40), seconds(1, 86_400)).optional(),
      cacheEnabled: z.boolean().optional(),
      routineSaveSeconds: seconds(1, 600).optional(),
      backup: backupSettings.optional(),
      playbook: z.strictObject({ account: id, change: playbookChange }).optional(),
    }),
  ).answers<SettingsState>(),
  /** Ends the pause that follows a restore; the accounts stay in watch. */
  'desk.resume': command(nothing).answers<{ resumed: boolean }>(),
  /** The practice exchange begins anew at the next start. */
  'practice.reset': command(z.strictObject({ confirm: typed })).answers<{ text: string }>(),
};

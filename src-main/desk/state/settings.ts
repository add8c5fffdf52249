import { z } from 'zod';
import type { CommandInput } from '../../../src-preload/contract/commands/index.ts';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import { defaultTtlSeconds } from '../../cache/kinds.ts';

/** What applies until the operator says otherwise. */
export const defaultSettings: SettingsState = {
  ttlSeconds: { ...defaultTtlSeconds },
  cacheEnabled: true,
  routineSaveSeconds: 30,
  backup: { minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 500 },
};

const stored = z.object({
  ttlSeconds: z.record(z.string(), z.number()),
  cacheEnabled: z.boolean(),
  routineSaveSeconds: z.number(),
  backup: z.object({
    minimumMinutes: z.number(),
    keepRoutine: z.number(),
    sizeLimitMB: z.number(),
  }),
});

/** The settings with a change laid over them; only TTL kinds that exist are taken. */
export function withChange(
  settings: SettingsState,
  change: CommandInput<'settings.update'>,
): SettingsState {
  const ttlSeconds = { ...settings.ttlSeconds };
  for (const [kind, seconds] of Object.entries(change.ttlSeconds ?? {})) {
    if (kind in ttlSeconds) ttlSeconds[kind] = seconds;
  }
  return {
    ttlSeconds,
    cacheEnabled: change.cacheEnabled ?? settings.cacheEnabled,
    routineSaveSeconds: change.routineSaveSeconds ?? settings.routineSaveSeconds,
    backup: {
      minimumMinutes: change.backup?.minimumMinutes ?? settings.backup.minimumMinutes,
      keepRoutine: change.backup?.keepRoutine ?? settings.backup.keepRoutine,
      sizeLimitMB: change.backup?.sizeLimitMB ?? settings.backup.sizeLimitMB,
    },
  };
}

/** The settings as saved, over the defaults; what cannot be read is left at its default. */
export function settingsFrom(saved: Record<string, unknown>): SettingsState {
  const read = stored.partial().safeParse(saved);
  return read.success ? withChange(defaultSettings, read.data) : defaultSettings;
}

import { z } from 'zod';
import type { CommandInput } from '../../../src-preload/contract/commands/index.ts';
import { playbookChange } from '../../../src-preload/contract/commands/playbook-settings.ts';
import type { Playbook } from '../../../src-preload/contract/playbook.ts';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import { defaultCalendar } from '../../backup/policy/retention.ts';
import { defaultTtlSeconds } from '../../cache/kinds.ts';
import type { AccountId } from '../../domain/account.ts';
import { defaultPlaybook } from '../../monitor/rules/playbook-goals.ts';

/** What applies until the operator says otherwise. */
export const defaultSettings: SettingsState = {
  ttlSeconds: { ...defaultTtlSeconds },
  cacheEnabled: true,
  routineSaveSeconds: 30,
  backup: {
    minimumMinutes: 15,
    keepRoutine: 10,
    sizeLimitMB: 500,
    calendar: defaultCalendar,
    secondFolder: null,
  },
  playbooks: {},
};

/** What the rules do for the positions of an account. */
export const playbookOf = ({ playbooks }: SettingsState, account: AccountId): Playbook =>
  playbooks[account] ?? defaultPlaybook;

const stored = z.object({
  ttlSeconds: z.record(z.string(), z.number()),
  cacheEnabled: z.boolean(),
  routineSaveSeconds: z.number(),
  backup: z.object({
    minimumMinutes: z.number(),
    keepRoutine: z.number(),
    sizeLimitMB: z.number(),
    calendar: z
      .object({
        everythingHours: z.number(),
        hourly: z.number(),
        daily: z.number(),
        weekly: z.number(),
        monthly: z.number(),
      })
      .nullable()
      .optional(),
    secondFolder: z.string().nullable().optional(),
  }),
  playbooks: z.record(z.string(), playbookChange),
});

/** `null` is a value, `undefined` is none. */
const or = <Value>(said: Value | undefined, otherwise: Value): Value =>
  said === undefined ? otherwise : said;

/** The settings with a change laid over them; only TTL kinds that exist are taken. */
export function withChange(
  settings: SettingsState,
  change: CommandInput<'settings.update'>,
): SettingsState {
  const ttlSeconds = { ...settings.ttlSeconds };
  for (const [kind, seconds] of Object.entries(change.ttlSeconds ?? {})) {
    if (Object.hasOwn(ttlSeconds, kind)) ttlSeconds[kind] = seconds;
  }
  return {
    ttlSeconds,
    cacheEnabled: change.cacheEnabled ?? settings.cacheEnabled,
    routineSaveSeconds: change.routineSaveSeconds ?? settings.routineSaveSeconds,
    backup: {
      minimumMinutes: or(change.backup?.minimumMinutes, settings.backup.minimumMinutes),
      keepRoutine: or(change.backup?.keepRoutine, settings.backup.keepRoutine),
      sizeLimitMB: or(change.backup?.sizeLimitMB, settings.backup.sizeLimitMB),
      calendar: or(change.backup?.calendar, settings.backup.calendar),
      secondFolder: or(change.backup?.secondFolder, settings.backup.secondFolder),
    },
    playbooks: change.playbook
      ? {
          ...settings.playbooks,
          [change.playbook.account]: {
            ...playbookOf(settings, change.playbook.account),
            ...change.playbook.change,
          },
        }
      : settings.playbooks,
  };
}

/** The settings as saved, over the defaults; what cannot be read is left at its default. */
export function settingsFrom(saved: Record<string, unknown>): SettingsState {
  const read = stored.partial().safeParse(saved);
  if (!read.success) return defaultSettings;
  const playbooks = Object.entries(read.data.playbooks ?? {});
  return {
    ...withChange(defaultSettings, read.data),
    playbooks: Object.fromEntries(
      playbooks.map(([account, said]) => [account, { ...defaultPlaybook, ...said }]),
    ),
  };
}

import type { z } from 'zod';
import { accountCommands } from './accounts.ts';
import { backupCommands } from './backups.ts';
import type { Command } from './command.ts';
import { deskCommands } from './desk.ts';
import { preferenceCommands } from './preferences.ts';

/** Every command of the desk: input, answer and schema in one place. Screens import its types only. */
export const commands = {
  ...deskCommands,
  ...accountCommands,
  ...backupCommands,
  ...preferenceCommands,
};

export type CommandName = keyof typeof commands;

export type CommandInput<Name extends CommandName> = z.input<(typeof commands)[Name]['input']>;

export type CommandOutput<Name extends CommandName> =
  (typeof commands)[Name] extends Command<z.ZodType, infer Output> ? Output : never;

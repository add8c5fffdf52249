import { z } from 'zod';
import { densities, type PreferencesState, themes } from '../preferences.ts';
import { command } from './command.ts';

/** The id of a view, a table or a column. */
const name = z.string().regex(/^[a-zA-Z][\w-]{0,39}$/, 'is not a name');

const byName = <Value extends z.ZodType>(value: Value, most: number) =>
  z
    .record(name, value)
    .refine((entries) => Object.keys(entries).length <= most, `at most ${most} are kept`);

const table = z.strictObject({
  order: z.array(name).max(100).exactOptional(),
  shown: byName(z.boolean(), 100).exactOptional(),
  sort: z.strictObject({ id: name, desc: z.boolean() }).nullable().exactOptional(),
  widths: byName(z.number().min(20).max(2_000), 100).exactOptional(),
});

export const preferenceCommands = {
  /** Changes what is named and answers the whole. */
  'preferences.update': command(
    z.strictObject({
      view: name.exactOptional(),
      theme: z.enum(themes).exactOptional(),
      density: z.enum(densities).exactOptional(),
      wideRail: z.boolean().exactOptional(),
      tables: byName(table, 50).exactOptional(),
    }),
  ).answers<PreferencesState>(),
};

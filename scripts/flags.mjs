import { parseArgs } from 'node:util';
import { Refusal } from './say.mjs';

/** Reads a script's flags; refuses what it does not know, a value left out and a port that is none. */
export function readFlags(command, args, options) {
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean' } } });
    for (const [name, value] of Object.entries(values)) {
      if (value === '') throw new Error(`--${name} needs a value`);
    }
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) {
      throw new Error('--port needs a number from 0 to 65535');
    }
    return values;
  } catch (error) {
    const sentence = error.message.split(/[.\n]/)[0];
    throw new Refusal(`${sentence}. See ${command} -- --help.`, 2);
  }
}

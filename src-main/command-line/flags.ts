import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { defaultDataFolder } from '../domain/data-folder.ts';
import { Failure, sentenceOf } from '../domain/failure.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * A program's flags and words. Throws BAD_USAGE, in one sentence, for what it does not know, for a flag
 * without its value, and for one that is given twice: only one of them could be meant.
 */
export function readFlags<const Known extends Options>(
  argv: string[],
  options: Known,
  words: { allowed: boolean } = { allowed: false },
) {
  const { values, positionals, tokens } = parsed(argv, options, words.allowed);
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (token.value === '') throw new Failure('BAD_USAGE', `--${token.name} needs a value.`);
    if (given.has(token.name)) throw new Failure('BAD_USAGE', `--${token.name} is given twice.`);
    given.add(token.name);
  }
  return { values, positionals };
}

function parsed<const Known extends Options>(args: string[], options: Known, allowed: boolean) {
  try {
    return parseArgs({ args, options, allowPositionals: allowed, tokens: true });
  } catch (error) {
    throw new Failure('BAD_USAGE', `${sentenceOf(error).split('. ')[0]}. See --help.`);
  }
}

/** The folder that `--data` names, or the one of this system. */
export const dataFolderOf = (given: string | undefined): string =>
  resolve(given ?? defaultDataFolder(process.platform, process.env, homedir()));

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Tells the person what is going on. Standard output belongs to the programs' own answers. */
export const say = (text) => process.stderr.write(`holdfast: ${text}\n`);

/** A refusal with a sentence for the person; `exitCode` is what a script sees. */
export class Refusal extends Error {
  constructor(sentence, exitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Runs a script's `main`, turning what it throws into a sentence and an exit code. */
export async function runScript(main) {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (thrown) {
    say(thrown instanceof Refusal ? thrown.message : String(thrown?.stack ?? thrown));
    process.exit(thrown instanceof Refusal ? thrown.exitCode : 1);
  }
}

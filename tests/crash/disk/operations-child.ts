import { writeSync } from 'node:fs';
import { sentenceOf } from '../../../src-main/domain/failure.ts';
import { perform, startAgain } from './operations.ts';

/*
 * Runs one operation, NAME FOLDER, or with `start` behind them only the start that follows it, and says
 * on standard output what is promised from then on: `acked GENERATION`, `made ID`, `restored GENERATION`.
 */
const [name = '', folder = '', script] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
try {
  await (script === 'start' ? startAgain(name, folder) : perform(name, folder, say));
} catch (error) {
  say(`failed ${sentenceOf(error).replaceAll('\n', ' ')}`);
  process.exit(3);
}

import { Failure } from '../domain/failure.ts';
import type { CommandIo } from './terminal.ts';

/** How a desk is opened: what becomes of a database that is damaged or missing. */
export type OnDamage = 'refuse' | 'recover' | 'start-empty';

interface Flags {
  recover: boolean;
  startEmpty: boolean;
  /** Both questions of starting empty are answered by yes. */
  yes: boolean;
}

const FIRST =
  'Start empty? Then nothing of what was saved is in force: monitors, trades, history, settings. Type yes to go on: ';
const SECOND =
  'Positions are then adopted as they are found at the exchange; what was planned for them is not known. Type start empty to do it: ';

/**
 * Opens a desk as the flags of a start say. Only a database that is damaged or missing is ever left
 * behind, and only after the person at the terminal has said so twice. Throws NOT_CONFIRMED else.
 */
export async function openAsAsked<Desk>(
  open: (onDamage: OnDamage) => Promise<Desk>,
  flags: Flags,
  io: Pick<CommandIo, 'ask' | 'err'>,
): Promise<Desk> {
  try {
    return await open(flags.recover ? 'recover' : 'refuse');
  } catch (error) {
    const damaged = error instanceof Failure && error.code === 'DATABASE_DAMAGED';
    if (!damaged || !flags.startEmpty) throw error;
    io.err(`${error.message}\n`);
    if (!flags.yes) await askTwice(io.ask);
    return open('start-empty');
  }
}

async function askTwice(ask: CommandIo['ask']): Promise<void> {
  if (!ask) {
    throw new Failure(
      'NOT_CONFIRMED',
      'Starting empty needs a yes twice: run it on a terminal, or add --yes to --start-empty.',
    );
  }
  for (const [question, wanted] of [
    [FIRST, 'yes'],
    [SECOND, 'start empty'],
  ] as const) {
    const answer = await ask(question);
    if (answer.trim().toLowerCase() !== wanted) {
      throw new Failure('NOT_CONFIRMED', 'Nothing was done.');
    }
  }
}

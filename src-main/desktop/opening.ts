import { dialog } from 'electron';
import { Failure } from '../domain/failure.ts';

/** What the operator chose for a database that is damaged or missing. */
export type OnDamage = 'refuse' | 'recover' | 'start-empty';

/**
 * Opens the desk; a damaged database leads to a question whose default changes nothing. With consent
 * there is a second try, that restores the newest verified backup, or that starts empty once that was
 * asked a second time.
 */
export async function openWithConsent<Desk>(
  open: (onDamage: OnDamage) => Promise<Desk>,
): Promise<Desk> {
  let onDamage: OnDamage = 'refuse';
  for (;;) {
    try {
      return await open(onDamage);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'DATABASE_DAMAGED') throw error;
      const answer = await whatToDo(error.message);
      if (answer === 'quit') throw error;
      onDamage = answer;
    }
  }
}

async function whatToDo(why: string): Promise<'quit' | 'recover' | 'start-empty'> {
  for (;;) {
    const { response } = await dialog.showMessageBox({
      type: 'error',
      title: 'Holdfast',
      message: 'Holdfast’s database is damaged.',
      detail:
        `${why}\n\nThe newest verified backup can be restored. The damaged database is ` +
        'kept beside it, and nothing is changed if you quit.',
      buttons: ['Quit', 'Restore the newest verified backup', 'Start empty…'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (response === 1) return 'recover';
    if (response !== 2) return 'quit';
    if (await isSure()) return 'start-empty';
  }
}

async function isSure(): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Holdfast',
    message: 'Start without anything that was saved?',
    detail:
      'Monitors, trades, history and settings are then no longer in force. Positions are adopted as ' +
      'they are found at the exchange; what was planned for them is not known. The backups and the ' +
      'damaged database stay where they are.',
    buttons: ['Back', 'Start empty'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

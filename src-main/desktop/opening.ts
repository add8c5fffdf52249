import { dialog } from 'electron';
import { Failure } from '../domain/failure.ts';

/**
 * Opens the desk; a damaged database leads to one question whose default changes nothing, and with
 * consent to a second try that restores the newest verified backup.
 */
export async function openWithConsent<Desk>(
  open: (recover: boolean) => Promise<Desk>,
): Promise<Desk> {
  try {
    return await open(false);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'DATABASE_DAMAGED') throw error;
    const { response } = await dialog.showMessageBox({
      type: 'error',
      title: 'Holdfast',
      message: 'Holdfast’s database is damaged.',
      detail:
        `${error.message}\n\nThe newest verified backup can be restored. The damaged database is ` +
        'kept beside it, and nothing is changed if you quit.',
      buttons: ['Quit', 'Restore the newest verified backup'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (response !== 1) throw error;
    return open(true);
  }
}

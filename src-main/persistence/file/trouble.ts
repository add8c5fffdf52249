import { Failure, sentenceOf } from '../../domain/failure.ts';

/** The error code of SQLite or the system, `''` when there is none. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** A refusal by the disk or by SQLite as a sentence for people, with what to do. */
export function diskFailure(error: unknown, where: string): Failure {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return new Failure(
      'DISK_FULL',
      `The disk that holds ${where} is full. Free some space; pending changes are saved as soon as there is room.`,
      { cause: error },
    );
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new Failure(
      'DATA_FOLDER',
      `${where} cannot be used as the data folder: there is a file of that name. Choose another folder with --data.`,
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new Failure(
      'BUSY',
      `Another program is using the database in ${where}. Close it there; pending changes are saved as soon as it is free.`,
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new Failure(
      'DATABASE_DAMAGED',
      `The database in ${where} is damaged. Restart Holdfast to recover it from the newest verified backup.`,
      { cause: error },
    );
  }
  return new Failure(
    'DATA_FOLDER',
    `${where} cannot be read or written (${code || sentenceOf(error)}). ` +
      'Check its permissions and that its disk is connected, or choose another folder with --data.',
    { cause: error },
  );
}

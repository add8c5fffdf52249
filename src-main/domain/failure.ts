/** Every way the program can refuse, with the exit code a script sees. Stable: add, don't renumber. */
export const exitCodes = {
  UNEXPECTED: 1,
  BAD_USAGE: 2,
  SECOND_INSTANCE: 3,
  PORT_BUSY: 4,
  DATA_FOLDER: 5,
  DISK_FULL: 6,
  BAD_TAPE: 7,
  DATABASE_DAMAGED: 8,
  DATABASE_NEWER: 9,
  BAD_ACCOUNTS_FILE: 10,
  REFUSED: 11,
  /** Something unforeseen while it ran: everything is saved, and the launcher starts it anew. */
  BROKE_OFF: 70,
} as const;

export type FailureCode =
  | keyof typeof exitCodes
  | 'BAD_INPUT'
  | 'NOT_FOUND'
  | 'NOT_CONFIRMED'
  | 'NOT_READY'
  | 'BUSY';

/**
 * A failure with a sentence for the person who meets it: what happened and what to do. The message
 * is shown as it is, so it holds no secret and no stack.
 */
export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
  }

  get exitCode(): number {
    return this.code in exitCodes
      ? exitCodes[this.code as keyof typeof exitCodes]
      : exitCodes.REFUSED;
  }
}

/** What to show of anything thrown: its sentence, without a stack. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : 'Something failed without giving a reason.';
}

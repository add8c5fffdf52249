import { z } from 'zod';
import type { ApprovalAnswer } from '../approvals.ts';
import type { Mode } from '../words.ts';
import { command, id, typed } from './command.ts';

/** What is left of an account after a close-all, by the venue's own word. */
export interface CloseAllReceipt {
  account: string;
  positions: number;
  orders: number;
  text: string;
}

export const accountCommands = {
  'account.setMode': command(
    z.strictObject({
      account: id,
      mode: z.enum(['watch', 'propose', 'armed']),
      /** The account's id, typed again; needed to arm. */
      confirm: typed.optional(),
    }),
    // `saved` is false when the mode is in force but the disk has not taken it yet.
  ).answers<{ account: string; mode: Mode; saved: boolean }>(),
  /** Closes every position and cancels every order of these accounts. */
  panic: command(
    z.strictObject({
      accounts: z.array(id).min(1).max(20),
      confirm: z.literal('PANIC'),
      /** Made once at the click: sent again under it, it is the same wish and has the same outcome (E16). */
      click: z
        .string()
        .regex(/^[\w-]{8,64}$/)
        .optional(),
    }),
  ).answers<{ receipts: CloseAllReceipt[] }>(),
  /** Looks again and sends what the proposal says if nothing else is needed by then; says what became of it. */
  'approvals.approve': command(z.strictObject({ id })).answers<ApprovalAnswer>(),
  'approvals.dismiss': command(z.strictObject({ id })).answers<{ id: string }>(),
};

import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { AccountId, Mode, Role, Venue } from '../../domain/account.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import { venueUrls } from '../../exchange/bybit/venue-urls.ts';

/** One account the desk connects: where it is, what it is for, and the key that signs for it. */
export interface AccountConfig {
  id: AccountId;
  role: Role;
  venue: Venue;
  mode: Mode;
  restUrl: string;
  wsPrivateUrl: string;
  wsPublicUrl: string;
  apiKey: string;
  apiSecret: string;
}

const address = (schemes: RegExp) => z.url({ protocol: schemes, error: 'is not a valid address' });

const account = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, - or _'),
    role: z.enum(['main', 'mirror']),
    mode: z.enum(['watch', 'propose', 'armed']).default('watch'),
    venue: z.enum(['live', 'testnet', 'demo']).optional(),
    restUrl: address(/^https?$/).optional(),
    wsPrivateUrl: address(/^wss?$/).optional(),
    wsPublicUrl: address(/^wss?$/).optional(),
    apiKey: z.string().min(1),
    apiSecret: z.string().min(1),
  })
  .refine((one) => (one.venue === undefined) === (one.restUrl !== undefined), {
    message: 'needs either "venue" or the three addresses',
  })
  .refine((one) => !one.restUrl || (one.wsPrivateUrl && one.wsPublicUrl), {
    message: 'needs restUrl, wsPrivateUrl and wsPublicUrl together',
  });

const file = z.strictObject({ accounts: z.array(account).min(1).max(20) });

/**
 * Reads the accounts an operator connects. The file holds secrets, so on systems with file modes it
 * must be readable by its owner only. Throws BAD_ACCOUNTS_FILE with the reason; no message ever quotes
 * the file's content.
 */
export function readAccountsFile(path: string): AccountConfig[] {
  const refuse = (why: string): never => {
    throw new Failure('BAD_ACCOUNTS_FILE', `The accounts file ${path} ${why}`);
  };
  let text: string;
  try {
    const found = statSync(path);
    if (!found.isFile()) refuse('is not a file.');
    const { mode } = found;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      refuse(
        'can be read by other users. It contains secrets: run chmod 600 on it and start again.',
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      refuse('does not exist. Check its path.');
    return refuse(`cannot be read: ${sentenceOf(error)}`);
  }
  const value = parsed(text);
  if (value === undefined) refuse('is not JSON. Check its commas, quotes and brackets.');
  const result = file.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    return refuse(`is not valid. ${where}${issue?.message ?? ''}.`);
  }
  const { accounts } = result.data;
  if (new Set(accounts.map((one) => one.id)).size < accounts.length)
    refuse('lists an account twice. Give each account an id of its own.');
  return accounts.map((one) => ({
    id: one.id,
    role: one.role,
    mode: one.mode,
    apiKey: one.apiKey,
    apiSecret: one.apiSecret,
    ...(one.venue
      ? { venue: one.venue, ...venueUrls(one.venue) }
      : {
          venue: 'custom' as const,
          restUrl: one.restUrl as string,
          wsPrivateUrl: one.wsPrivateUrl as string,
          wsPublicUrl: one.wsPublicUrl as string,
        }),
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

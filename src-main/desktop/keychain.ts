import { existsSync, readFileSync } from 'node:fs';
import { safeStorage } from 'electron';
import { writeDurably } from '../backup/disk.ts';
import { type AccountConfig, readAccountsFile } from '../desk/accounts/accounts-file.ts';
import { Failure } from '../domain/failure.ts';

/**
 * The accounts to connect. A file given at the start is read and kept in `sealed`, encrypted with a
 * key of the system's keychain, so that the file can be deleted; without one the sealed accounts are
 * used, and where there are none the practice exchange. Needs the app to be ready.
 */
export async function accountsToConnect(
  accountsFile: string | null,
  sealed: string,
): Promise<AccountConfig[] | 'practice'> {
  if (accountsFile) {
    const accounts = readAccountsFile(accountsFile);
    if (canSeal()) {
      await writeDurably(sealed, safeStorage.encryptString(JSON.stringify(accounts)));
    }
    return accounts;
  }
  if (!existsSync(sealed)) return 'practice';
  try {
    return JSON.parse(safeStorage.decryptString(readFileSync(sealed))) as AccountConfig[];
  } catch (cause) {
    throw new Failure(
      'BAD_ACCOUNTS_FILE',
      'The sealed accounts cannot be opened with this system’s keychain. Unlock the keychain, or ' +
        'provide the accounts again with --accounts=FILE.',
      { cause },
    );
  }
}

/** Linux without a keyring would "encrypt" with a known password: then nothing is kept. */
function canSeal(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

import { randomUUID } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { CloseAllReceipt } from '../../../src-preload/contract/commands/accounts.ts';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import type { RestoreHooks } from '../../backup/restore/restore-database.ts';
import { Failure } from '../../domain/failure.ts';
import { checkModeChange } from '../accounts/modes.ts';
import type { Parts } from '../parts.ts';
import { backupRow } from '../slices/backups.ts';
import type { Publisher } from '../slices/publish.ts';
import { withChange } from '../state/settings.ts';
import type { Handlers } from './caller.ts';
import { createClicks } from './clicks.ts';
import { closeAccounts } from './close-accounts.ts';

/** What carries out each command of the contract. */
export function createHandlers(
  parts: Parts & {
    publisher: Publisher;
    /** What surrounds a restore, told as the operation named. */
    hooks: (what: string) => RestoreHooks;
    setSettings: (settings: SettingsState) => void;
  },
): Handlers {
  const { cache, loop, vault, store, publisher, hooks } = parts;
  const needAccount = (id: string) => {
    const config = parts.configs.find((account) => account.id === id);
    if (!config) throw new Failure('NOT_FOUND', `There is no account "${id}".`);
    return config;
  };
  const clicks = createClicks<CloseAllReceipt[]>();

  return {
    'state.get': ({ slice }) => publisher.get(slice),

    'account.setMode'({ account, mode, confirm }) {
      needAccount(account);
      const key = parts.keys.get(account) ?? null;
      checkModeChange({ account, mode, confirm, key, paused: loop.paused() !== null });
      const outcome = parts.modes.set([account], mode, { author: 'operator' });
      return { account, mode, saved: outcome === 'durable' };
    },
    'approvals.approve': ({ id }) => parts.proposals.approve(id),
    'approvals.dismiss'({ id }) {
      parts.proposals.dismiss(id);
      return { id };
    },
    async panic({ accounts, click = randomUUID() }) {
      const ids = new Set(accounts.map((account) => needAccount(account).id));
      const receipts = clicks.once(click, () => closeAccounts(parts, [...ids], click));
      return { receipts: await receipts };
    },

    'cache.invalidate'({ account, kind }) {
      if (account !== undefined && account !== 'market') needAccount(account);
      if (kind !== undefined && !Object.hasOwn(parts.settings().ttlSeconds, kind)) {
        throw new Failure('NOT_FOUND', `There is no kind of data "${kind}".`);
      }
      const invalidated = cache.invalidate(account, kind);
      publisher.touch('cache', 'accounts', 'positions', 'verdict');
      return { invalidated };
    },
    async 'cache.sweep'() {
      const { differences, unknown } = await cache.sweep();
      publisher.touch('cache', 'positions', 'verdict', 'orders');
      if (unknown[0]) {
        throw new Failure(
          'NOT_READY',
          `${unknown[0].account} could not be read completely: ${unknown[0].reason}`,
        );
      }
      return { differences };
    },
    'away.dismiss'() {
      const { dismissed, change } = parts.away.dismiss();
      parts.save('preferences', change);
      return { dismissed };
    },
    async 'settings.update'(change) {
      if (change.playbook) needAccount(change.playbook.account);
      const second = change.backup?.secondFolder;
      if (second) {
        if (!isAbsolute(second)) {
          throw new Failure('BAD_INPUT', 'Give the full path of the second folder.');
        }
        const { folder, lastFailure } = vault.second() ?? {};
        if (folder !== second || lastFailure !== null) await vault.chooseSecond(second);
      }
      const settings = withChange(parts.settings(), change);
      const about = {
        reason: 'settings',
        what: `Change settings: ${Object.keys(change).join(', ')}`,
        author: 'operator',
        accounts: [],
        summary: 'The new settings apply.',
        onRefusal: 'roll-back',
      } as const;
      parts.operation(about, (add) => add({ settings: { ...settings } }));
      parts.setSettings(settings);
      if (change.playbook) parts.loop.modeChanged(change.playbook.account);
      if (second) vault.copyToSecond();
      return settings;
    },
    'preferences.update': (change) => parts.preferences.update(change),

    async 'backups.create'({ source, note }) {
      const request = { class: 'manual' as const, reason: 'asked for', note: note ?? null };
      return backupRow(await vault.create(source === undefined ? request : { ...request, source }));
    },
    'backups.verify': async ({ id }) => backupRow(await vault.verify(id)),
    'backups.show': ({ id }) => vault.preview(id),
    'backups.pin': async ({ id }) => backupRow(await vault.pin(id)),
    'backups.unpin': async ({ id }) => backupRow(await vault.unpin(id)),
    'backups.export': async ({ id, folder }) => ({
      path: await vault.export(id, folder ?? join(parts.dataDir, 'exports')),
    }),
    'backups.import': async ({ file }) => backupRow(await vault.import(file)),
    'backups.forecast': ({ settings }) =>
      vault.foresee(settings && withChange(parts.settings(), { backup: settings }).backup),
    'backups.verifyAll': async () => ({ backups: (await vault.verifyAll()).map(backupRow) }),
    async 'backups.dismissUndo'() {
      const dismissed = vault.undoAvailable() !== null;
      await vault.dismissUndo();
      return { dismissed };
    },
    async 'backups.restore'({ id, confirm, folder }) {
      if (confirm !== id)
        throw new Failure('NOT_CONFIRMED', `To restore it, type its name, ${id}, to confirm.`);
      const { counts, text } = await vault.restore(id, hooks(`Restore ${id}`), folder);
      return { id, counts, text };
    },
    async 'backups.delete'({ id, confirm }) {
      await vault.delete(id, confirm);
      return { id };
    },
    async 'backups.undo'({ confirm }) {
      if (confirm !== 'UNDO')
        throw new Failure('NOT_CONFIRMED', 'To undo the restore, type UNDO to confirm.');
      return { text: (await vault.undo(hooks('Undo the restore'))).text };
    },
    'backups.protect': ({ path }) => vault.protect(path),
    async 'backups.unprotect'({ source }) {
      await vault.unprotect(source);
      return { source };
    },
    'backups.cancel': () => ({ cancelled: vault.cancel() }),
    'practice.reset'({ confirm }) {
      if (!parts.practice) {
        throw new Failure('NOT_FOUND', 'Holdfast is not connected to the practice exchange.');
      }
      if (confirm !== 'RESET') {
        throw new Failure(
          'NOT_CONFIRMED',
          'To reset the practice exchange, type RESET to confirm.',
        );
      }
      parts.practice.startOver();
      return { text: 'The practice exchange will start over the next time Holdfast starts.' };
    },
    async 'desk.resume'() {
      const wasPaused = loop.paused() !== null;
      await vault.resume();
      loop.resume();
      store.flush();
      publisher.touch('backups', 'positions', 'verdict', 'monitors');
      return { resumed: wasPaused };
    },
  };
}

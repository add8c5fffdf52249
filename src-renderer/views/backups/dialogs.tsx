import { Confirm } from '../../parts/confirm.tsx';
import { TextDialog } from '../../parts/text-dialog.tsx';
import { clock } from '../../parts/time-text.ts';
import type { Asking } from '../../state/asking.ts';
import { useActions, useValue } from '../../state/use-desk.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { sourceName } from './words.ts';

/** The questions of the vault. */
export function VaultDialog({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { run, attempt } = useActions();
  const state = useValue('backups');
  if (!state) return null;
  switch (asking.what) {
    case 'restore':
      return <RestoreDialog {...asking} state={state} onClose={onClose} />;
    case 'policy':
      return <PolicyDialog state={state} onClose={onClose} />;
    case 'undo':
      return (
        <Confirm
          title="Undo the restore?"
          action="Undo the restore"
          onClose={onClose}
          onConfirm={() => run('backups.undo', { confirm: 'UNDO' }, ({ text }) => text)}
        >
          <p>
            The state from before the restore comes back. What happened since the restore is lost.
          </p>
        </Confirm>
      );
    case 'delete':
      return (
        <Confirm
          title={`Delete the backup of ${clock(asking.backup.madeAt)}?`}
          action="Delete"
          onClose={onClose}
          onConfirm={() =>
            run(
              'backups.delete',
              { id: asking.backup.id, confirm: asking.backup.id },
              () => 'Deleted.',
            )
          }
        >
          <p>
            <span className="mono">{asking.backup.file}</span> is removed from the vault for good.
            The last verified backup of a source cannot be deleted.
          </p>
        </Confirm>
      );
    case 'unprotect':
      return (
        <Confirm
          title={`Stop protecting ${sourceName(asking.source)}?`}
          action="Stop protecting"
          onClose={onClose}
          onConfirm={() =>
            run(
              'backups.unprotect',
              { source: asking.source.id },
              () => 'No longer protected; its backups stay.',
            )
          }
        >
          <p>The file is no longer watched. The backups made so far stay in the vault.</p>
        </Confirm>
      );
    case 'create':
      return (
        <TextDialog
          title={`Back up ${sourceName(asking.source)} now`}
          label="A note to know it by (optional)"
          action="Back up"
          optional
          onClose={onClose}
          onDone={(note) =>
            attempt(
              'backups.create',
              { source: asking.source.id, ...(note ? { note } : {}) },
              () => 'Backed up and verified.',
            )
          }
        />
      );
    case 'protect':
      return (
        <TextDialog
          title="Protect a file"
          label="Full path of the file"
          help="Its last good version is in the vault before anything overwrites it, and every new version is taken once the file has settled."
          action="Protect"
          onClose={onClose}
          onDone={(path) =>
            attempt('backups.protect', { path }, (source) => `${sourceName(source)} is protected.`)
          }
        />
      );
    case 'import':
      return (
        <TextDialog
          title="Import a backup"
          label="Full path of the .backup file"
          help="It is checked like every other: hash, structure, counts. Nothing is restored by this."
          action="Import"
          onClose={onClose}
          onDone={(file) => attempt('backups.import', { file }, () => 'Imported and verified.')}
        />
      );
    case 'export':
      return (
        <TextDialog
          title="Export this backup"
          label="Full path of the folder to copy it to"
          action="Export"
          onClose={onClose}
          onDone={(folder) =>
            attempt(
              'backups.export',
              { id: asking.backup.id, folder },
              ({ path }) => `Copied to ${path}`,
            )
          }
        />
      );
    default:
      return null;
  }
}

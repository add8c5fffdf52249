import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { TextDialog } from '../../parts/dialogs/text-dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { clock } from '../../parts/time-text.ts';
import type { Asking } from '../../state/asking.ts';
import { useActions, useValue } from '../../state/use-desk.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { sourceName, words } from './words.ts';

/** The questions of the vault. */
export function VaultDialog({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { attempt } = useActions();
  const state = useValue('backups');
  if (!state) return null;
  switch (asking.what) {
    case 'restore':
      return <RestoreDialog {...asking} state={state} onClose={onClose} />;
    case 'policy':
      return <PolicyDialog state={state} onClose={onClose} />;
    case 'create':
      return <CreateDialog source={asking.source} state={state} onClose={onClose} />;
    case 'undo':
      return (
        <Confirm
          title={words.undoTitle}
          action={words.undoAction}
          busyAction={words.undoing}
          onClose={onClose}
          onConfirm={() => attempt('backups.undo', { confirm: 'UNDO' }, ({ text }) => text)}
        >
          <p>{words.undoText}</p>
        </Confirm>
      );
    case 'delete': {
      const { id, madeAt, file } = asking.backup;
      return (
        <Confirm
          title={words.deleteTitle(clock(madeAt))}
          action={words.deleteAction}
          busyAction={words.deleting}
          onClose={onClose}
          onConfirm={() => attempt('backups.delete', { id, confirm: id }, () => words.deleted)}
        >
          <p>
            <Text mono>{file}</Text>
            {words.deleteText}
          </p>
        </Confirm>
      );
    }
    case 'unprotect':
      return (
        <Confirm
          title={words.unprotectTitle(sourceName(asking.source))}
          action={words.unprotectAction}
          onClose={onClose}
          onConfirm={() =>
            attempt('backups.unprotect', { source: asking.source.id }, () => words.unprotected)
          }
        >
          <p>{words.unprotectText}</p>
        </Confirm>
      );
    case 'protect':
      return (
        <TextDialog
          title={words.protectTitle}
          label={words.protectPath}
          hint={words.protectHint}
          action={words.protectAction}
          busyAction={words.protecting}
          onClose={onClose}
          onDone={(path) =>
            attempt('backups.protect', { path }, (source) => words.isProtected(sourceName(source)))
          }
        />
      );
    case 'import':
      return (
        <TextDialog
          title={words.importTitle}
          label={words.importPath}
          hint={words.importHint}
          action={words.importAction}
          busyAction={words.importing}
          onClose={onClose}
          onDone={(file) => attempt('backups.import', { file }, () => words.imported)}
        />
      );
    case 'export':
      return (
        <TextDialog
          title={words.exportTitle}
          label={words.exportPath}
          action={words.exportAction}
          busyAction={words.exporting}
          onClose={onClose}
          onDone={(folder) =>
            attempt('backups.export', { id: asking.backup.id, folder }, ({ path }) =>
              words.exported(path),
            )
          }
        />
      );
    default:
      return null;
  }
}

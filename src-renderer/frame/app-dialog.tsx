import { useActions, useDesk } from '../state/use-desk.tsx';
import { ApproveDialog, DismissDialog } from '../views/approvals/dialogs.tsx';
import { KeysDialog } from '../views/ask/keys-dialog.tsx';
import { ModeDialog } from '../views/ask/mode-dialog.tsx';
import { PanicDialog } from '../views/ask/panic-dialog.tsx';
import { ResetPracticeDialog } from '../views/ask/reset-practice-dialog.tsx';
import { VaultDialog } from '../views/backups/dialogs.tsx';
import { Palette } from './palette/palette.tsx';

/** Whatever is being asked now, over every view. */
export function AppDialog() {
  const asking = useDesk((state) => state.asking);
  const { close } = useActions();
  if (!asking) return null;
  switch (asking.what) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'keys':
      return <KeysDialog onClose={close} />;
    case 'panic':
      return <PanicDialog onClose={close} />;
    case 'approve':
      return <ApproveDialog ids={asking.proposals} onClose={close} />;
    case 'dismiss':
      return <DismissDialog ids={asking.proposals} onClose={close} />;
    case 'mode':
      return <ModeDialog account={asking.account} onClose={close} />;
    case 'reset-practice':
      return <ResetPracticeDialog onClose={close} />;
    default:
      return <VaultDialog asking={asking} onClose={close} />;
  }
}

import { useAsk } from '../state/asking.tsx';
import { ColumnsDialog } from './ask/columns-dialog.tsx';
import { KeysDialog } from './ask/keys-dialog.tsx';
import { ModeDialog } from './ask/mode-dialog.tsx';
import { PanicDialog } from './ask/panic-dialog.tsx';
import { ResetPracticeDialog } from './ask/reset-practice-dialog.tsx';
import { VaultDialog } from './backups/dialogs.tsx';
import { Palette } from './palette/palette.tsx';
import { ProposalsDialog } from './proposals/proposals-dialog.tsx';

/** Whatever is being asked now, over every view. */
export function AppDialog() {
  const { asking, close } = useAsk();
  if (!asking) return null;
  switch (asking.what) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'keys':
      return <KeysDialog onClose={close} />;
    case 'columns':
      return <ColumnsDialog onClose={close} />;
    case 'panic':
      return <PanicDialog onClose={close} />;
    case 'proposals':
      return <ProposalsDialog onClose={close} />;
    case 'mode':
      return <ModeDialog account={asking.account} onClose={close} />;
    case 'reset-practice':
      return <ResetPracticeDialog onClose={close} />;
    default:
      return <VaultDialog asking={asking} onClose={close} />;
  }
}

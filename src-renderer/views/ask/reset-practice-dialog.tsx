import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useActions } from '../../state/use-desk.tsx';
import { words } from './words.ts';

/** Asks before the practice exchange goes back to its first day. */
export function ResetPracticeDialog({ onClose }: { onClose: () => void }) {
  const { attempt } = useActions();
  return (
    <Confirm
      title={words.resetTitle}
      action={words.resetAction}
      onClose={onClose}
      onConfirm={() => attempt('practice.reset', { confirm: 'RESET' }, ({ text }) => text)}
    >
      <p>{words.resetText}</p>
    </Confirm>
  );
}

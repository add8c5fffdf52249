import { Confirm } from '../../parts/confirm.tsx';
import { useActions } from '../../state/use-desk.tsx';

/** Asks before the practice exchange goes back to its first day. */
export function ResetPracticeDialog({ onClose }: { onClose: () => void }) {
  const { run } = useActions();
  return (
    <Confirm
      title="Start the practice exchange over?"
      action="Start over"
      onClose={onClose}
      onConfirm={() => run('practice.reset', { confirm: 'RESET' }, ({ text }) => text)}
    >
      <p>
        Its positions, orders and balances go back to the beginning when Holdfast is started the
        next time. Real accounts are not touched.
      </p>
    </Confirm>
  );
}

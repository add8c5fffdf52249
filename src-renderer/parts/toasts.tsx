import { useActions, useDesk } from '../state/use-desk.tsx';

/** What became of a command, said once in the corner (a status message, WCAG 4.1.3). */
export function Toasts() {
  const toasts = useDesk((state) => state.toasts);
  const { dismiss } = useActions();
  return (
    <div className="toasts" role="status">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast ${toast.failed ? 'failed' : ''}`}>
          <span>
            {toast.failed && <b className="bad">Not done. </b>}
            {toast.text}
          </span>
          <button type="button" className="btn plain small" onClick={() => dismiss(toast.id)}>
            Close
          </button>
        </div>
      ))}
    </div>
  );
}

import { useConnection } from '../state/desk-context.tsx';
import { useNow } from '../state/now.ts';
import { span } from './time-text.ts';

/** After this many failed attempts it is likelier that the desk was started anew than that it is busy. */
const LIKELY_RESTARTED = 4;

/** Stands over every view while the desk cannot be reached. */
export function LostBanner() {
  const { state, since, attempts } = useConnection();
  const now = useNow();
  if (state !== 'lost') return null;
  return (
    <div className="banner red">
      <b>The connection to the desk is lost, trying again.</b>
      <span>
        Lost {span(now - since)} ago. What you see is as old as it says; the desk itself may well be
        running.
        {attempts >= LIKELY_RESTARTED &&
          ' If Holdfast was started anew, open the address that it printed.'}
      </span>
    </div>
  );
}

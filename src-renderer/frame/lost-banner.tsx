import type { Connection } from '../client/connection.ts';
import { span } from '../parts/time-text.ts';
import { trueAt } from '../parts/true-at.ts';
import { useConnection, useNow, useValue } from '../state/use-desk.tsx';

/** After this many failed attempts it is likelier that the desk was started anew than that it is busy. */
const LIKELY_RESTARTED = 4;

/** Stands over every view while the desk cannot be reached. */
export function LostBanner() {
  const connection = useConnection();
  return connection.state === 'lost' ? <Lost connection={connection} /> : null;
}

function Lost({ connection }: { connection: Connection }) {
  const asOf = useValue('verdict')?.asOf ?? null;
  const now = useNow();
  const { attempts, refused } = connection;
  return (
    <div className="banner red">
      <b>
        {refused
          ? 'Holdfast was started anew and this page is no longer let in.'
          : 'The connection to the desk is lost, trying again.'}
      </b>
      <span>
        What you see was true {span(now - trueAt(connection.since, asOf))} ago.{' '}
        {refused
          ? 'Open the new address that Holdfast printed when it started.'
          : 'The desk itself may well be running.'}
        {!refused &&
          attempts >= LIKELY_RESTARTED &&
          ' If Holdfast was started anew, open the address that it printed.'}
      </span>
    </div>
  );
}

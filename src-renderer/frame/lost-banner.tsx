import type { Connection } from '../client/connection.ts';
import { Banner } from '../parts/layout/banner.tsx';
import { span } from '../parts/time-text.ts';
import { trueAt } from '../parts/true-at.ts';
import { useConnection, useNow, useValue } from '../state/use-desk.tsx';
import { words } from './words.ts';

/** After this many failed attempts it is likelier that the desk was restarted than that it is busy. */
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
    <Banner tone="critical" title={refused ? words.refusedTitle : words.lostTitle}>
      {words.lostAge(span(now - trueAt(connection.since, asOf)))}
      {refused ? words.openNewAddress : words.lostMaybeRunning}
      {!refused && attempts >= LIKELY_RESTARTED && words.lostMaybeRestarted}
    </Banner>
  );
}

import type { Decimal } from '../../domain/numbers.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { plural } from '../../domain/words.ts';
import type { Rules } from '../../monitor/goals/facts.ts';
import { defaultPlaybook } from '../../monitor/rules/playbook-goals.ts';
import { type Judged, judgeLeg, type State, states } from './judge.ts';
import { readSnapshot } from './read.ts';
import { recordedLegs } from './sightings.ts';

/** What of a contract this program lists is needed here. Prices in quote, quantities in base. */
export interface ListedContract {
  tick: Decimal;
  step: Decimal;
  minQty: Decimal;
  maxMarketQty: Decimal;
  minNotional: Decimal;
}

/** The old system's ladders were its own: they are brought to the playbook's shares. */
const settings: Playbook = { ...defaultPlaybook, foundLadder: 'shares' };

/**
 * What Holdfast would do about each position of a monitor snapshot of the old system. Nothing is asked of
 * any exchange. Answers true when everything in it is in order.
 */
export async function doctorSnapshot(
  path: string,
  contracts: ReadonlyMap<string, ListedContract>,
  json: boolean,
  out: (text: string) => void,
): Promise<boolean> {
  const snapshot = await readSnapshot(path);
  const rows = recordedLegs(snapshot)
    .map((leg) => judgeLeg(leg, snapshot.takenAt, rulesOf(contracts.get(leg.symbol)), settings))
    .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state));
  const counts = Object.fromEntries(
    states.map((state) => [state, rows.filter((row) => row.state === state).length]),
  ) as Record<State, number>;
  const takenAt = new Date(snapshot.takenAt).toISOString();
  if (json) out(`${JSON.stringify({ takenAt, counts, settings, legs: rows })}\n`);
  else out([...rows.map(tell), summary(takenAt, rows, counts), ''].join('\n'));
  return rows.length === counts['in order'];
}

const rulesOf = (contract: ListedContract | undefined): Rules | null =>
  contract
    ? {
        tickSize: contract.tick,
        quantityStep: contract.step,
        minQuantity: contract.minQty,
        maxMarketQuantity: contract.maxMarketQty,
        minNotional: contract.minNotional,
      }
    : null;

const tell = ({ account, symbol, side, size, state, found, would, cannot }: Judged): string =>
  [
    `${account} ${symbol} ${side} ${size}: ${state}. ${found.join(' ')}`.trim(),
    ...would.map((text) => `  would ${text}`),
    ...cannot.map((text) => `  cannot yet: ${text}`),
  ].join('\n');

function summary(takenAt: string, rows: readonly Judged[], counts: Record<State, number>): string {
  const { stopDistance, shares } = settings;
  const figures = states.map((state) => `${counts[state]} ${state}`).join(', ');
  const orphans =
    counts.orphaned > 0 ? ` and ${plural(counts.orphaned, 'monitor')} without one` : '';
  return [
    `${plural(rows.length - counts.orphaned, 'position')}${orphans} as recorded ${takenAt}: ${figures}.`,
    `Judged as if what was recorded stood on the exchange, which was not asked; take-profits ${shares.join(' / ')}, a missing stop ${stopDistance} % from the entry.`,
  ].join('\n');
}

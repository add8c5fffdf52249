import { useEffect } from 'react';
import { titleOf } from '../../src-preload/contract/verdict.ts';
import { Unseen } from '../parts/figures/text.tsx';
import { shownVerdict } from '../parts/verdict-text.ts';
import type { DeskState } from '../state/desk-state.ts';
import { useConnection, useDesk, useNow, useValue } from '../state/use-desk.tsx';
import { words } from './words.ts';

/** What a screen reader is told at once: a position without a stop, the lost desk, critical alerts. */
export function criticalNews({
  connection,
  slices,
}: Pick<DeskState, 'connection' | 'slices'>): string {
  const news: string[] = [];
  if (connection.state === 'lost') news.push(words.newsLost);
  const bare = [...(slices.positions?.value.values() ?? [])].filter(
    ({ protection }) => protection.state === 'none',
  );
  if (bare.length > 0) {
    news.push(
      words.newsNoStop(bare.map(({ symbol, account }) => `${symbol}, ${account}`).join('; ')),
    );
  }
  for (const { severity, text } of slices.alerts?.value.values() ?? []) {
    if (severity === 'critical') news.push(text);
  }
  return news.join(' ');
}

/** The only assertive live region; everything else on the screen stays silent. */
export const CriticalNews = () => <Unseen role="alert">{useDesk(criticalNews)}</Unseen>;

/** The title of the tab says the verdict. */
export function VerdictTitle() {
  const title = titleOf(shownVerdict(useConnection(), useValue('verdict'), useNow()));
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

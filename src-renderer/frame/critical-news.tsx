import { useEffect } from 'react';
import type { DeskState } from '../state/desk-state.ts';
import { useDesk } from '../state/use-desk.tsx';

/** What a screen reader is told at once: a position without a stop, the lost desk, critical alerts. */
export function criticalNews({
  connection,
  slices,
}: Pick<DeskState, 'connection' | 'slices'>): string {
  const news: string[] = [];
  if (connection.state === 'lost') news.push('The connection to the desk is lost.');
  const bare = [...(slices.positions?.value.values() ?? [])].filter(({ stop }) => stop === null);
  if (bare.length > 0) {
    news.push(
      `No stop on ${bare.map(({ symbol, account }) => `${symbol}, ${account}`).join('; ')}.`,
    );
  }
  for (const { severity, text } of slices.alerts?.value.values() ?? []) {
    if (severity === 'critical') news.push(text);
  }
  return news.join(' ');
}

/** The only assertive live region; everything else on the screen stays silent. The tab says it too. */
export function CriticalNews() {
  const news = useDesk(criticalNews);
  useEffect(() => {
    document.title = news ? `(!) ${news} Holdfast` : 'Holdfast';
  }, [news]);
  return (
    <div role="alert" className="unseen">
      {news}
    </div>
  );
}

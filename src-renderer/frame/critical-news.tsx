import { useEffect } from 'react';
import { useDeskState } from '../state/desk-context.tsx';
import type { DeskState } from '../state/store.ts';

/** What a screen reader is told at once: a position without a stop, the lost desk, critical alerts. */
export function criticalNews({ connection, slices }: DeskState): string {
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
  const news = useDeskState(criticalNews);
  useEffect(() => {
    document.title = news ? `(!) ${news} Holdfast` : 'Holdfast';
  }, [news]);
  return (
    <div role="alert" className="unseen">
      {news}
    </div>
  );
}

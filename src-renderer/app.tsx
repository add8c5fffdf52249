import { useEffect } from 'react';
import { AccountStrip } from './parts/account-strip.tsx';
import { PausedBanner } from './parts/paused-banner.tsx';
import { Rail, views } from './parts/rail.tsx';
import { StatusBar } from './parts/status-bar.tsx';
import { Toasts } from './parts/toasts.tsx';
import { useConnection } from './state/desk-context.tsx';
import { preferences, usePreferences } from './state/preferences.ts';
import { BackupsView } from './views/backups/backups-view.tsx';
import { CacheView } from './views/cache/cache-view.tsx';
import { PositionsView } from './views/positions/positions-view.tsx';

const shownBy = { positions: PositionsView, cache: CacheView, backups: BackupsView };

export function App() {
  const { view } = usePreferences();
  const connection = useConnection();
  const View = shownBy[view];
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const chosen = views[Number(event.key) - 1];
      if (chosen) preferences().set({ view: chosen.name });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className={connection.state === 'lost' ? 'frame lost' : 'frame'}>
      <Rail />
      <AccountStrip onMode={() => {}}>{null}</AccountStrip>
      <div className="stage">
        <PausedBanner />
        <main>
          <View />
        </main>
      </div>
      <StatusBar />
      <Toasts />
    </div>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

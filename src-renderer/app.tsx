import { Suspense, useEffect } from 'react';
import { AccountProblems } from './frame/account-problems.tsx';
import { AccountStrip } from './frame/account-strip.tsx';
import { AppDialog } from './frame/app-dialog.tsx';
import { CriticalNews, VerdictTitle } from './frame/critical-news.tsx';
import { LostBanner } from './frame/lost-banner.tsx';
import { PausedBanner } from './frame/paused-banner.tsx';
import { Rail } from './frame/rail.tsx';
import { StatusBar } from './frame/status-bar.tsx';
import { useView } from './frame/use-view.ts';
import { Toasts } from './parts/toasts.tsx';
import { useActions, useConnection } from './state/use-desk.tsx';
import { views } from './views/registry.ts';

export function App() {
  const { Component: View } = useView();
  const { ask } = useActions();
  const connection = useConnection();
  useKeys();
  return (
    <div className={connection.state === 'lost' ? 'frame lost' : 'frame'}>
      <Rail />
      <AccountStrip onMode={(account) => ask({ what: 'mode', account })}>
        <button
          type="button"
          className="btn"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => ask({ what: 'palette' })}
        >
          Search or run <span className="kbd">{isMac ? '⌘K' : 'Ctrl K'}</span>
        </button>
        <button type="button" className="btn danger" onClick={() => ask({ what: 'panic' })}>
          Close all…
        </button>
      </AccountStrip>
      <main className="stage">
        <LostBanner />
        <AccountProblems />
        <PausedBanner />
        <div className="shown">
          <Suspense>
            <View />
          </Suspense>
        </div>
      </main>
      <StatusBar />
      <CriticalNews />
      <VerdictTitle />
      <Toasts />
      <AppDialog />
    </div>
  );
}

const isMac = navigator.userAgent.includes('Mac');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The keys that work in every view; dialogs keep theirs to themselves. */
function useKeys(): void {
  const { ask, show } = useActions();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const chosen = views.find(({ key }) => key === event.key);
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k')
        ask({ what: 'palette' });
      else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      else if (event.key === '?') ask({ what: 'keys' });
      else if (event.key === '/') document.querySelector<HTMLElement>('[data-filter]')?.focus();
      else if (chosen) show(chosen.id);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [ask, show]);
}

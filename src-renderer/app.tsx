import { Suspense, useEffect } from 'react';
import { AccountProblems } from './frame/account-problems.tsx';
import { AccountStrip } from './frame/account-strip.tsx';
import { CriticalNews, VerdictTitle } from './frame/critical-news.tsx';
import css from './frame/frame.module.css';
import { LostBanner } from './frame/lost-banner.tsx';
import { PausedBanner } from './frame/paused-banner.tsx';
import { Rail } from './frame/rail.tsx';
import { StatusBar } from './frame/status-bar.tsx';
import { useView } from './frame/use-view.ts';
import { words } from './frame/words.ts';
import { classes } from './parts/classes.ts';
import { Button } from './parts/controls/button.tsx';
import { Toasts } from './parts/dialogs/toasts.tsx';
import { fetchTheRest, late } from './parts/late.ts';
import { ErrorBoundary } from './parts/layout/error-boundary.tsx';
import { useActions, useConnection, useDesk } from './state/use-desk.tsx';
import { views } from './views/registry.ts';

const AppDialog = late(async () => (await import('./frame/app-dialog.tsx')).AppDialog);

export function App() {
  const { id, Component: View } = useView();
  const { ask } = useActions();
  const asking = useDesk((state) => state.asking !== null);
  const lost = useConnection().state === 'lost';
  useKeys();
  useEffect(() => {
    const idle = setTimeout(() => void fetchTheRest(), IDLE_MS);
    return () => clearTimeout(idle);
  }, []);
  return (
    <div className={classes(css.frame, lost && css.lost)}>
      <Rail />
      <AccountStrip>
        <Button
          keys={isMac ? '⌘K' : 'Ctrl K'}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => ask({ what: 'palette' })}
        >
          {words.search}
        </Button>
        <Button variant="danger" onClick={() => ask({ what: 'panic' })}>
          {words.closeAll}
        </Button>
      </AccountStrip>
      <main className={css.stage}>
        <LostBanner />
        <AccountProblems />
        <PausedBanner />
        <div className={css.shown}>
          <ErrorBoundary key={id}>
            <Suspense>
              <View />
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <StatusBar />
      <CriticalNews />
      <VerdictTitle />
      <Toasts />
      {asking && (
        <Suspense>
          <AppDialog />
        </Suspense>
      )}
    </div>
  );
}

/** The first figures are on the screen by then, ms. */
const IDLE_MS = 1_000;

const isMac = navigator.userAgent.includes('Mac');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Dialogs, menus and lists over the page keep their keys to themselves. */
const isOver = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;

/** The keys that work in every view. */
function useKeys(): void {
  const { ask, show } = useActions();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isOver(event.target)) return;
      const chosen = views.find(({ key }) => key.toLowerCase() === event.key.toLowerCase());
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

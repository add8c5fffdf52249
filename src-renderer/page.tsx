import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { ErrorBoundary } from './parts/layout/error-boundary.tsx';
import type { Screen } from './state/store.ts';
import { DeskProvider } from './state/use-desk.tsx';
import { followTheme } from './theme/follow-theme.ts';
import './theme/theme.css';

/** Draws into the page, with the styles of the screens and in the theme that was chosen. */
export function drawPage(page: Window, screen: Screen, shown: ReactNode): void {
  const { store } = screen;
  followTheme(page, {
    read: () => store.getState().preferences,
    subscribe: (listener) =>
      store.subscribe((state, before) => {
        if (state.preferences !== before.preferences) listener();
      }),
  });
  const root = page.document.querySelector('#root');
  if (!root) throw new Error('The page has no place to draw in.');
  createRoot(root).render(
    <DeskProvider screen={screen}>
      <ErrorBoundary>{shown}</ErrorBoundary>
    </DeskProvider>,
  );
}

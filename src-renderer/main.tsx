import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openDesk } from './client/desk-client.ts';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { createScreen } from './state/store.ts';
import { DeskProvider } from './state/use-desk.tsx';
import { followTheme } from './theme/follow-theme.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/parts.css';
import './frame/frame.css';

/** A frame at 60 Hz. A timer rather than an animation frame, which stops while the window is hidden. */
const FRAME_MS = 16;

const screen = createScreen(openDesk(window), {
  now: Date.now,
  after: (ms, run) => setTimeout(run, ms),
  every: (ms, run) => setInterval(run, ms),
  memory: window.localStorage,
  nextFrame: (run) => setTimeout(run, FRAME_MS),
});
const { store } = screen;
followTheme(window, {
  read: () => store.getState().preferences,
  subscribe: (listener) =>
    store.subscribe((state, before) => {
      if (state.preferences !== before.preferences) listener();
    }),
});

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no place to draw in.');
createRoot(root).render(
  <DeskProvider screen={screen}>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </DeskProvider>,
);

import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openDesk } from './client/desk-client.ts';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { ActionsProvider } from './state/actions.tsx';
import { AskProvider } from './state/asking.tsx';
import { DeskProvider } from './state/desk-context.tsx';
import { preferences } from './state/preferences.ts';
import { createDeskStore } from './state/store.ts';
import { followTheme } from './theme/follow-theme.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/parts.css';
import './frame/frame.css';

/** A frame at 60 Hz. A timer rather than an animation frame, which stops while the window is hidden. */
const FRAME_MS = 16;

followTheme(window, preferences());
const client = openDesk(window);
const store = createDeskStore(client, (run) => setTimeout(run, FRAME_MS));

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no place to draw in.');
createRoot(root).render(
  <DeskProvider client={client} store={store}>
    <ActionsProvider>
      <AskProvider>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </AskProvider>
    </ActionsProvider>
  </DeskProvider>,
);

import { App } from './app.tsx';
import { openDesk } from './client/desk-client.ts';
import { drawPage } from './page.tsx';
import { createScreen } from './state/store.ts';

/** A frame at 60 Hz. A timer rather than an animation frame, which stops while the window is hidden. */
const FRAME_MS = 16;

const screen = createScreen(openDesk(window), {
  now: Date.now,
  after: (ms, run) => setTimeout(run, ms),
  every: (ms, run) => setInterval(run, ms),
  memory: window.localStorage,
  nextFrame: (run) => setTimeout(run, FRAME_MS),
});
drawPage(window, screen, <App />);

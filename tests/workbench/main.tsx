import { App } from '../../src-renderer/app.tsx';
import { drawPage } from '../../src-renderer/page.tsx';
import { createScreen } from '../../src-renderer/state/store.ts';
import { isDeskState, isDialog } from './catalogue.ts';
import { Contents } from './contents.tsx';
import { deskIn } from './desks.ts';
import { PartScene, partScenes } from './parts.tsx';
import { questionOf } from './questions.ts';

/**
 * One part or view in one state, at an address of its own:
 * `?view=positions&state=storm`, `?dialog=panic`, `?part=button&state=busy`, each with `&theme=light`.
 * Without any it lists them all.
 */
const asked = new URLSearchParams(window.location.search);
const wanted = asked.get('state') ?? 'normal';
const state = isDeskState(wanted) ? wanted : 'normal';

/** It stands, so that a picture taken twice is the same; a storm needs one that goes. */
const NOON = new Date(2026, 10, 20, 12, 0, 0).getTime();
const began = Date.now();
const now = (): number => (state === 'storm' ? NOON + Date.now() - began : NOON);
const every = (ms: number, run: () => void): unknown => setInterval(run, ms);

const desk = deskIn(state, now, every);
desk.fixture.state.objects.preferences = {
  ...desk.fixture.state.objects.preferences,
  theme: asked.get('theme') === 'light' ? 'light' : 'dark',
  view: asked.get('view') ?? 'positions',
};
const screen = createScreen(desk.client, {
  now,
  after: (ms, run) => setTimeout(run, ms),
  every: state === 'storm' ? every : () => {},
  memory: {
    getItem: () => JSON.stringify(desk.fixture.state.objects.preferences),
    setItem: () => {},
  },
  nextFrame: (run) => setTimeout(run, 16),
});
const open = (question: string): void => {
  if (isDialog(question)) screen.actions.ask(questionOf(question, desk.fixture.state));
};
const workbench = { ...screen, fixture: desk.fixture, open };
declare global {
  interface Window {
    /** What a test takes hold of. */
    workbench: typeof workbench;
  }
}
window.workbench = workbench;

const part = asked.get('part');
const dialog = asked.get('dialog');
if (part !== null) drawPage(window, screen, <PartScene part={part} state={asked.get('state')} />);
else if (asked.has('view') || dialog !== null) drawPage(window, screen, <App />);
else drawPage(window, screen, <Contents parts={partScenes} />);
if (dialog !== null) open(dialog);

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Push, SliceName } from '../../src-preload/contract/slices.ts';
import type { DeskClient } from '../client/connection.ts';
import { type Actions, createActions } from './actions.ts';
import type { DeskState } from './desk-state.ts';
import { createPreferences, firstLook, type Memory, rememberLook } from './preferences.ts';
import { takeAnswer, takePush } from './slices.ts';

export type DeskStore = StoreApi<DeskState>;

export interface Screen {
  store: DeskStore;
  actions: Actions;
}

const TICK_MS = 1_000;

/** What a screen takes from its browser. */
export interface Surroundings {
  now: () => number;
  after: (ms: number, run: () => void) => unknown;
  every: (ms: number, run: () => void) => unknown;
  memory: Memory;
  /** Pushes of one frame are taken in together, so that the screen is drawn once for all of them. */
  nextFrame: (run: () => void) => unknown;
}

/** The one store of a screen, fed by the desk's pushes, and what can be done with it. */
export function createScreen(client: DeskClient, surroundings: Surroundings): Screen {
  const { now, after, every, memory, nextFrame } = surroundings;
  const first = firstLook(memory);
  const store = createStore<DeskState>()(() => ({
    connection: { state: 'connecting', since: 0, attempts: 0, refused: false },
    slices: {},
    preferences: first,
    view: null,
    opened: null,
    asking: null,
    toasts: [],
    now: now(),
  }));
  let queue: Push[] = [];

  const ask = async (slice: SliceName): Promise<void> => {
    const answer = await client.call('state.get', { slice });
    store.setState(({ slices }) => ({
      slices: takeAnswer(slices, slice, answer.ok ? answer.value : null),
    }));
  };

  const takeQueue = (): void => {
    const pushes = queue;
    if (pushes.length === 0) return;
    queue = [];
    const missing: SliceName[] = [];
    let { slices } = store.getState();
    for (const push of pushes) {
      const taken = takePush(slices, push);
      slices = taken.slices;
      if (taken.ask) missing.push(push.slice);
      if (push.slice === 'preferences') {
        const { view } = push.value;
        preferences.take(push.value);
        store.setState((state) => ({ view: state.view ?? view }));
      }
    }
    store.setState({ slices });
    for (const slice of missing) void ask(slice);
  };

  const preferences = createPreferences({
    first,
    async send(change) {
      const answer = await client.call('preferences.update', change);
      // What was pushed before the answer is older than it.
      takeQueue();
      return answer;
    },
    onShown(shown) {
      store.setState({ preferences: shown });
      rememberLook(memory, shown);
    },
    onRefused: (why) => actions.say(why, true),
  });
  const actions = createActions({
    store,
    call: client.call,
    prefer: preferences.change,
    after,
  });

  every(TICK_MS, () => store.setState({ now: now() }));
  client.onConnection((connection) => {
    store.setState({ connection });
    if (connection.state === 'open') preferences.reached();
  });
  client.subscribe((push) => {
    queue.push(push);
    if (queue.length === 1) nextFrame(takeQueue);
  });
  return { store, actions };
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Push, SliceName } from '../../src-preload/contract/slices.ts';
import type { Connection, DeskClient } from '../client/connection.ts';
import { type Slices, takeAnswer, takePush } from './slices.ts';

export interface DeskState {
  connection: Connection;
  slices: Slices;
}

export type DeskStore = StoreApi<DeskState>;

/**
 * The state of the desk, fed by its pushes. Pushes of one frame are taken in together, so that the
 * screen is drawn once for all of them; `nextFrame` says when.
 */
export function createDeskStore(
  client: DeskClient,
  nextFrame: (run: () => void) => void,
): DeskStore {
  const store = createStore<DeskState>()(() => ({
    connection: { state: 'connecting', since: 0, attempts: 0, refused: false },
    slices: {},
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
    queue = [];
    const missing: SliceName[] = [];
    let { slices } = store.getState();
    for (const push of pushes) {
      const taken = takePush(slices, push);
      slices = taken.slices;
      if (taken.ask) missing.push(push.slice);
    }
    store.setState({ slices });
    for (const slice of missing) void ask(slice);
  };

  client.onConnection((connection) => store.setState({ connection }));
  client.subscribe((push) => {
    queue.push(push);
    if (queue.length === 1) nextFrame(takeQueue);
  });
  return store;
}

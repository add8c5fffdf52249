import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import { type Answer, KEY_REFUSED } from '../../src-preload/contract/link.ts';
import type { Push } from '../../src-preload/contract/slices.ts';
import type { Connection, DeskClient } from './connection.ts';
import type { PageKey } from './page-key.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

const notSent: Answer<never> = {
  ok: false,
  error: {
    code: 'NOT_CONNECTED',
    message: 'Nothing was sent: the desk cannot be reached. Holdfast keeps trying.',
  },
};
const notAnswered: Answer<never> = {
  ok: false,
  error: {
    code: 'CONNECTION_LOST',
    message:
      'The desk went away before it answered, so this may or may not have been done. Look before you ask again.',
  },
};

type Message = { entered: true } | { id: number; answer: Answer<never> } | { push: Push };

/** Wait before the next attempt, ms: doubling from 0.25 s to 5 s, spread over its upper half. */
export function waitBeforeAttempt(attempts: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempts);
  return full / 2 + (random() * full) / 2;
}

/**
 * The desk over the web shell's WebSocket. Out: the page's `{key}` first, then `{id, call, input}`. In:
 * `{entered}` when the key was taken, then `{id, answer}` and `{push}`.
 * A lost connection is opened again for as long as the page lives; the desk then sends every slice
 * whole. A call in flight when it is lost is answered CONNECTION_LOST, never sent a second time.
 */
export function openSocketLink(options: {
  open: () => WebSocket;
  key: PageKey;
  now: () => number;
  after: (ms: number, run: () => void) => unknown;
  random: () => number;
}): DeskClient {
  const pushes = new Set<(push: Push) => void>();
  const watchers = new Set<(connection: Connection) => void>();
  const pending = new Map<number, (answer: Answer<never>) => void>();
  let connection: Connection = {
    state: 'connecting',
    since: options.now(),
    attempts: 0,
    refused: false,
  };
  let socket: WebSocket | null = null;
  let lastId = 0;

  const become = (next: Connection): void => {
    connection = next;
    for (const watcher of watchers) watcher(next);
  };

  const receive = (message: Message): void => {
    if ('entered' in message) {
      options.key.accepted();
      become({ state: 'open', since: options.now(), attempts: 0, refused: false });
      return;
    }
    if ('push' in message) {
      for (const listener of pushes) listener(message.push);
      return;
    }
    pending.get(message.id)?.(message.answer);
    pending.delete(message.id);
  };

  const connect = (): void => {
    const mine = options.open();
    socket = mine;
    mine.addEventListener('open', () => mine.send(JSON.stringify({ key: options.key.value() })));
    mine.addEventListener('message', (event) => receive(JSON.parse(String(event.data)) as Message));
    mine.addEventListener('close', ({ code }) => {
      for (const answer of pending.values()) answer(notAnswered);
      pending.clear();
      const first = connection.state === 'open';
      const refused = code === KEY_REFUSED;
      if (refused) options.key.refused();
      become({
        state: 'lost',
        since: first ? options.now() : connection.since,
        attempts: first ? 0 : connection.attempts + 1,
        refused,
      });
      options.after(waitBeforeAttempt(connection.attempts, options.random), connect);
    });
  };

  return {
    call: <Name extends CommandName>(command: Name, input: CommandInput<Name>) =>
      new Promise<Answer<CommandOutput<Name>>>((resolve) => {
        if (connection.state !== 'open' || !socket) return resolve(notSent);
        lastId += 1;
        pending.set(lastId, resolve);
        socket.send(JSON.stringify({ id: lastId, call: command, input }));
      }),
    subscribe(listener) {
      pushes.add(listener);
      if (!socket) connect();
      return () => pushes.delete(listener);
    },
    onConnection(listener) {
      watchers.add(listener);
      listener(connection);
      return () => watchers.delete(listener);
    },
  };
}

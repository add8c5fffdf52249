import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import type { Answer, DeskLink } from '../../src-preload/contract/link.ts';
import type { Push } from '../../src-preload/contract/slices.ts';
import type { DeskClient } from './connection.ts';
import { pageKey } from './page-key.ts';
import { openSocketLink } from './socket-link.ts';

declare global {
  interface Window {
    /** Present in the desktop shell. */
    desk?: DeskLink;
  }
}

/** The desk of this page: through the preload in the desktop shell, else over this origin's WebSocket. */
export function openDesk(page: Window): DeskClient {
  const { desk } = page;
  if (!desk) {
    const url = new URL('/ws', page.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return openSocketLink({
      open: () => new WebSocket(url),
      key: pageKey(page, new BroadcastChannel('holdfast')),
      now: Date.now,
      after: (ms, run) => setTimeout(run, ms),
      random: Math.random,
    });
  }
  return {
    call: <Name extends CommandName>(command: Name, input: CommandInput<Name>) =>
      desk.call(command, input).catch(
        (error: unknown): Answer<CommandOutput<Name>> => ({
          ok: false,
          error: {
            code: 'UNEXPECTED',
            message: error instanceof Error ? error.message : 'The call failed.',
          },
        }),
      ),
    subscribe: (listener: (push: Push) => void) => desk.subscribe(listener),
    onConnection(listener) {
      listener({ state: 'open', since: Date.now(), attempts: 0, refused: false });
      return () => {};
    },
  };
}

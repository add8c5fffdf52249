import type {
  Answer,
  CommandInput,
  CommandName,
  CommandOutput,
  DeskLink,
  Push,
} from '../../src-preload/contract.ts';
import { openSocketLink } from './socket-link.ts';

export interface Connection {
  state: 'connecting' | 'open' | 'lost';
  /** ms since 1970 UTC. */
  since: number;
  /** Attempts to come back that failed so far. */
  attempts: number;
  /** The desk is there, but does not take this page's key any more: it was started anew. */
  refused: boolean;
}

/** The desk as the screens know it: its link, and whether it can be reached. */
export interface DeskClient extends DeskLink {
  onConnection(listener: (connection: Connection) => void): () => void;
}

declare global {
  interface Window {
    /** Present in the desktop shell. */
    desk?: DeskLink;
  }
}

/** A socket does not say why it was not opened; the page's own address does. */
export async function isRefused(askPage: () => Promise<Response>): Promise<boolean> {
  try {
    const { status } = await askPage();
    return status === 401 || status === 403;
  } catch {
    return false;
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
      refused: () => isRefused(() => page.fetch('/', { cache: 'no-store' })),
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

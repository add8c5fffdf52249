import type { DeskLink } from '../../src-preload/contract/link.ts';

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

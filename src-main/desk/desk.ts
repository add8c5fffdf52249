import type { Answer } from '../../src-preload/contract/link.ts';
import type { Push } from '../../src-preload/contract/slices.ts';

/** What a shell carries to its screens. */
export interface DeskCalls {
  /** Carries a command out; never throws: a refusal is an answer with a code and a sentence. */
  call(command: string, input: unknown): Promise<Answer<unknown>>;
  /** Sends every slice whole, then its changes. Returns the way to stop. */
  subscribe(listener: (push: Push) => void): () => void;
}

/** The whole of Holdfast without a face: what a shell shows and calls. */
export interface Desk extends DeskCalls {
  /** After the machine slept: everything is read anew, and a backup that came due is made. */
  awake(): void;
  /** Ends everything with the state on the disk. */
  stop(): Promise<void>;
}

export type OperationState = 'running' | 'committed' | 'rolled-back' | 'interrupted';

/** One part of an operation. `doneAt` is `null` for one that was planned and not done. */
export interface OperationStep {
  text: string;
  /** ms since 1970 UTC. */
  doneAt: number | null;
}

/** A change of several rows under one id: begun, then committed or rolled back. */
export interface OperationRow {
  id: string;
  what: string;
  /** Who wanted it: the person at the desk, or the desk by itself. */
  author: 'operator' | 'desk';
  accounts: string[];
  /** ms since 1970 UTC. */
  beganAt: number;
  /** `null` while it runs. For an interrupted one: when that was found. */
  endedAt: number | null;
  state: OperationState;
  steps: OperationStep[];
  /** What came of it; `null` until it is committed. */
  summary: string | null;
  /** Why it was rolled back or interrupted. */
  why: string | null;
}

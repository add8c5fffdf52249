import type { VerdictState } from '../../src-preload/contract/verdict.ts';
import type { DeskCalls } from '../desk/desk.ts';

/** Hears the desk's verdict, once now and at every change of it. Returns the way to stop. */
export const onVerdict = (desk: DeskCalls, hear: (verdict: VerdictState) => void): (() => void) =>
  desk.subscribe((push) => {
    if (push.slice === 'verdict') hear(push.value);
  });

import { app } from 'electron';

/**
 * One Holdfast per data folder. Answers false when another has it; that one is told and shows its
 * window (`onSecond` there).
 */
export function setupSingleInstance(onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', onSecond);
  return true;
}

import { type BrowserWindow, ipcMain, type WebContents, type WebFrameMain } from 'electron';
import { commands } from '../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../src-preload/contract/link.ts';
import type { Push } from '../../src-preload/contract/slices.ts';
import type { DeskCalls } from '../desk/desk.ts';
import { HOME } from './scheme.ts';

interface Sender {
  sender: WebContents;
  senderFrame: WebFrameMain | null;
}

/**
 * Carries the contract: one handler per command, and the pushes for a screen that asked for them.
 * Only the main frame of our own window, showing our own page, is heard. The desk checks the input, for
 * this shell as for the other.
 */
export function setupIpc(desk: DeskCalls, currentWindow: () => BrowserWindow | null): void {
  const isOurs = ({ sender, senderFrame }: Sender): boolean =>
    senderFrame !== null &&
    sender === currentWindow()?.webContents &&
    senderFrame === sender.mainFrame &&
    senderFrame.url.startsWith(HOME);

  for (const command of Object.keys(commands)) {
    ipcMain.handle(`desk:${command}`, async (event, input: unknown): Promise<Answer<unknown>> => {
      if (isOurs(event)) return desk.call(command, input);
      const message = 'Only Holdfast’s own page may call the desk.';
      return { ok: false, error: { code: 'REFUSED', message } };
    });
  }

  const subscriptions = new Map<WebContents, () => void>();
  const drop = (screen: WebContents): void => {
    subscriptions.get(screen)?.();
    subscriptions.delete(screen);
  };
  ipcMain.on('desk:subscribe', (event) => {
    if (!isOurs(event)) return;
    const screen = event.sender;
    if (!subscriptions.has(screen)) screen.once('destroyed', () => drop(screen));
    // A page that asks again (a reload) is sent everything anew, once.
    drop(screen);
    const send = (push: Push): void => {
      if (!screen.isDestroyed()) screen.send('desk:push', push);
    };
    subscriptions.set(screen, desk.subscribe(send));
  });
}

import { app, session } from 'electron';
import { HOME } from './scheme.ts';

/** What no page of ours ever needs is refused: other addresses, new windows, web views, permissions. */
export function setupRefusals(): void {
  app.on('web-contents-created', (_event, contents) => {
    const stayHome = (event: { url: string; preventDefault(): void }): void => {
      if (!event.url.startsWith(HOME)) event.preventDefault();
    };
    contents.on('will-navigate', stayHome);
    contents.on('will-redirect', stayHome);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Needs the app to be ready. */
export function setupPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) =>
    decide(false),
  );
  session.defaultSession.setPermissionCheckHandler(() => false);
}

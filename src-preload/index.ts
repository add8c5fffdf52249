import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { DeskLink } from './contract/link.ts';
import type { Push } from './contract/slices.ts';

/** The only bridge between page and desk. It names channels and checks nothing: the desk's side does. */
const desk: DeskLink = {
  call: (command, input) => ipcRenderer.invoke(`desk:${command}`, input),
  subscribe(listener) {
    const onPush = (_event: IpcRendererEvent, push: Push): void => listener(push);
    ipcRenderer.on('desk:push', onPush);
    ipcRenderer.send('desk:subscribe');
    return () => {
      ipcRenderer.off('desk:push', onPush);
    };
  },
};

contextBridge.exposeInMainWorld('desk', desk);

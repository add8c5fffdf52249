import { EventEmitter } from 'node:events';

/**
 * A stand-in for the Electron runtime, which tests resolve `electron` to. It has only what the desktop
 * shell uses, refuses what Electron refuses, and shows what was asked of it through `standIn`.
 */
export const standIn = {
  root: '',
  switches: {} as Record<string, string>,
  lockTaken: false,
  /** What the person answers in one message box after the other: the button's number. */
  answers: [] as number[],
  keychain: 'gnome_libsecret' as 'gnome_libsecret' | 'basic_text',
  screens: [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
  paths: {} as Record<string, string>,
  boxes: [] as string[],
  notifications: [] as Notification[],
  trays: [] as Tray[],
  windows: [] as BrowserWindow[],
  /** What the preload gave to the page. */
  world: {} as Record<string, unknown>,
  permissions: { asked: true, checked: true },
  /** The window whose page calls, for `ipcRenderer`. */
  caller: null as { sender: WebContents; senderFrame: Frame | null } | null,
  exited: null as number | null,
  relaunched: false,
};

interface Frame {
  url: string;
}

const needsReady = (what: string): void => {
  if (!app.isReady()) throw new Error(`${what} cannot be used before the app is ready`);
};

/** What IPC carries is cloned; functions and the like are refused with Electron's words. */
const cloned = <T>(value: T): T => {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
};

class App extends EventEmitter {
  #ready = false;
  #whenReady: Promise<void> | null = null;
  readonly commandLine = {
    hasSwitch: (name: string): boolean => name in standIn.switches,
    getSwitchValue: (name: string): string => standIn.switches[name] ?? '',
  };
  isReady(): boolean {
    return this.#ready;
  }
  /** Electron is ready some time after the entry was read; here, after it was asked for. */
  whenReady(): Promise<void> {
    this.#whenReady ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#ready = true;
        resolve();
      });
    });
    return this.#whenReady;
  }
  getAppPath(): string {
    return standIn.root;
  }
  setName(): void {}
  setPath(name: string, path: string): void {
    if (name === 'sessionData' && this.#ready) {
      throw new Error('sessionData must be set before the app is ready');
    }
    standIn.paths[name] = path;
  }
  requestSingleInstanceLock(): boolean {
    return !standIn.lockTaken;
  }
  quit(): void {
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) this.exit(0);
  }
  relaunch(): void {
    standIn.relaunched = true;
  }
  exit(code: number): void {
    standIn.exited ??= code;
    this.emit('test-exit');
  }
}
export const app = new App();

type Handler = (request: Request) => Promise<Response>;
const handlers = new Map<string, Handler>();
export const protocol = {
  registerSchemesAsPrivileged(): void {
    if (app.isReady()) {
      throw new Error('registerSchemesAsPrivileged should be called before the app is ready');
    }
  },
  handle(scheme: string, handler: Handler): void {
    needsReady('protocol');
    if (handlers.has(scheme)) throw new Error(`The scheme ${scheme} has been handled`);
    handlers.set(scheme, handler);
  },
};

/** Asks for an address as the page would. */
export const fetchPage = (url: string, init?: RequestInit): Promise<Response> => {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) throw new Error(`Nobody handles ${url}`);
  return handler(new Request(url, init));
};

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

export class WebContents extends EventEmitter {
  readonly mainFrame: Frame = { url: '' };
  readonly sent: { channel: string; value: unknown }[] = [];
  #openHandler: WindowOpenHandler = () => ({ action: 'allow' });
  #destroyed = false;
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  send(channel: string, value: unknown): void {
    if (this.#destroyed) throw new Error('Object has been destroyed');
    const carried = cloned(value);
    this.sent.push({ channel, value: carried });
    pageListeners.emit(channel, {}, carried);
  }
  destroy(): void {
    this.#destroyed = true;
    this.emit('destroyed');
  }
  /** The page opens another window; true when it was let. */
  opens(url: string): boolean {
    return this.#openHandler({ url }).action === 'allow';
  }
  /** The page goes elsewhere (`will-navigate`, `will-redirect`, ...); true when it was let. */
  goes(event: string, url: string): boolean {
    let refused = false;
    this.emit(event, {
      url,
      preventDefault: () => {
        refused = true;
      },
    });
    return !refused;
  }
}

interface WindowOptions {
  title?: string;
  width: number;
  height: number;
  x?: number;
  y?: number;
  webPreferences: Record<string, unknown>;
}

export class BrowserWindow extends EventEmitter {
  readonly options: WindowOptions;
  readonly webContents = new WebContents();
  title: string;
  shown = false;
  maximised = false;
  constructor(options: WindowOptions) {
    super();
    needsReady('BrowserWindow');
    this.options = options;
    this.title = options.title ?? '';
    standIn.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    const response = await fetchPage(url);
    if (!response.ok) throw new Error(`ERR_FAILED (${response.status}) loading '${url}'`);
    this.webContents.mainFrame.url = url;
    this.emit('ready-to-show');
  }
  show(): void {
    this.shown = true;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  focus(): void {}
  restore(): void {}
  maximize(): void {
    this.maximised = true;
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return this.maximised;
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    const { x = 0, y = 0, width, height } = this.options;
    return { x, y, width, height };
  }
  close(): void {
    this.emit('close', {});
    this.webContents.destroy();
    this.emit('closed');
  }
}

type Invoked = (event: object, input: unknown) => unknown;
const invoked = new Map<string, Invoked>();
const sent = new EventEmitter();
export const ipcMain = {
  handle(channel: string, listener: Invoked): void {
    if (invoked.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    invoked.set(channel, listener);
  },
  on: (channel: string, listener: (event: object) => void) => sent.on(channel, listener),
};

const pageListeners = new EventEmitter();
const calling = (): object => {
  if (!standIn.caller) throw new Error('No page calls');
  return standIn.caller;
};
export const ipcRenderer = {
  async invoke(channel: string, input: unknown): Promise<unknown> {
    const handler = invoked.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return cloned(await handler(calling(), cloned(input)));
  },
  send: (channel: string) => sent.emit(channel, calling()),
  on: (channel: string, listener: (...args: unknown[]) => void) =>
    pageListeners.on(channel, listener),
  off: (channel: string, listener: (...args: unknown[]) => void) =>
    pageListeners.off(channel, listener),
};

export const contextBridge = {
  exposeInMainWorld(name: string, api: unknown): void {
    if (name in standIn.world) throw new Error(`Cannot bind an API on top of window.${name}`);
    standIn.world[name] = api;
  },
};

export const session = {
  get defaultSession() {
    needsReady('session');
    return {
      setPermissionRequestHandler(
        handler: (contents: null, permission: string, decide: (yes: boolean) => void) => void,
      ): void {
        handler(null, 'camera', (yes) => {
          standIn.permissions.asked = yes;
        });
      },
      setPermissionCheckHandler(handler: () => boolean): void {
        standIn.permissions.checked = handler();
      },
    };
  },
};

export const screen = {
  getAllDisplays() {
    needsReady('screen');
    return standIn.screens;
  },
};

export const dialog = {
  async showMessageBox({ message }: { message: string }): Promise<{ response: number }> {
    standIn.boxes.push(message);
    return { response: standIn.answers.shift() ?? 0 };
  },
  showErrorBox(title: string, content: string): void {
    standIn.boxes.push(`${title}: ${content}`);
  },
};

interface MenuEntry {
  label?: string;
  role?: string;
  click?: () => void;
}
export const Menu = {
  buildFromTemplate: (entries: MenuEntry[]): MenuEntry[] => entries,
  setApplicationMenu(): void {
    needsReady('Menu');
  },
};

export const nativeImage = { createFromPath: (path: string): { path: string } => ({ path }) };

export class Tray extends EventEmitter {
  tip = '';
  menu: MenuEntry[] = [];
  gone = false;
  constructor(_image: { path: string }) {
    super();
    needsReady('Tray');
    standIn.trays.push(this);
  }
  setToolTip(text: string): void {
    this.tip = text;
  }
  setContextMenu(menu: MenuEntry[]): void {
    this.menu = menu;
  }
  destroy(): void {
    this.gone = true;
  }
}

export class Notification extends EventEmitter {
  static isSupported = (): boolean => true;
  readonly options: { title: string; body: string };
  constructor(options: { title: string; body: string }) {
    super();
    needsReady('Notification');
    this.options = options;
  }
  show(): void {
    standIn.notifications.push(this);
  }
}

const SEAL = 'sealed:';
export const safeStorage = {
  isEncryptionAvailable(): boolean {
    needsReady('safeStorage');
    return true;
  },
  getSelectedStorageBackend: (): string => standIn.keychain,
  encryptString(text: string): Buffer {
    needsReady('safeStorage');
    return Buffer.from(SEAL + Buffer.from(text).toString('base64'));
  },
  decryptString(bytes: Buffer): string {
    needsReady('safeStorage');
    const text = bytes.toString();
    if (!text.startsWith(SEAL)) throw new Error('Error while decrypting the ciphertext');
    return Buffer.from(text.slice(SEAL.length), 'base64').toString();
  },
};

export const powerMonitor = new EventEmitter();

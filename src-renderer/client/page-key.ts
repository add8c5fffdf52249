const NAME = 'holdfast-key';
const ASK = 'ask';

/** The key that the desk wants as the first message of this page's socket. */
export interface PageKey {
  /** Empty while this page has none. */
  value(): string;
  accepted(): void;
  /** The desk does not take it: another page of this desk may hold a newer one. */
  refused(): void;
}

/**
 * The key comes in the fragment of the address, which no server sees, and leaves the address bar at
 * once. It is kept for this tab (a reload needs it) and told to the desk's other tabs when they ask:
 * storage and channel belong to this origin, its port included, where a cookie would go to every port.
 */
export function pageKey(
  page: Window,
  tabs: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>,
): PageKey {
  const given = new URLSearchParams(page.location.hash.slice(1)).get('key');
  let key = given ?? page.sessionStorage.getItem(NAME) ?? '';
  let good = false;
  const keep = (value: string): void => {
    key = value;
    page.sessionStorage.setItem(NAME, value);
  };
  if (given !== null) {
    keep(given);
    page.history.replaceState(null, '', page.location.pathname);
  }
  tabs.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === ASK) {
      if (good) tabs.postMessage({ key });
    } else if (!good) {
      const told = (data as { key?: unknown } | null)?.key;
      if (typeof told === 'string') keep(told);
    }
  });
  return {
    value: () => key,
    accepted() {
      good = true;
    },
    refused() {
      good = false;
      tabs.postMessage(ASK);
    },
  };
}

import { useSyncExternalStore } from 'react';

/** From this width on there is room for more columns than the ones that matter most. */
const WIDE = '(min-width: 1700px)';

const subscribe = (listener: () => void) => {
  const query = window.matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

export const useWideWindow = (): boolean =>
  useSyncExternalStore(subscribe, () => window.matchMedia(WIDE).matches);

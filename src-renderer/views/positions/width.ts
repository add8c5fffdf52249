import { useCallback, useSyncExternalStore } from 'react';

/** Width of an element's inside, px, following it as it changes; 0 while there is none. */
export function useWidth(element: HTMLElement | null): number {
  const subscribe = useCallback(
    (changed: () => void) => {
      const observer = new ResizeObserver(changed);
      if (element) observer.observe(element);
      return () => observer.disconnect();
    },
    [element],
  );
  return useSyncExternalStore(subscribe, () => element?.clientWidth ?? 0);
}

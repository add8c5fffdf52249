import { useLayoutEffect, useState } from 'react';

/**
 * Width of an element's inside, px, following it as it changes; 0 while there is none. It is measured
 * only when it changes: asking for it while drawing would lay out the whole page each time.
 */
export function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element) return undefined;
    const measure = (): void => setWidth(element.clientWidth);
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

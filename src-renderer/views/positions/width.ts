import { type RefObject, useLayoutEffect, useState } from 'react';

/** Width of an element's inside, px, following it as it changes. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched) setWidth(watched.clientWidth);
    const observer = new ResizeObserver(() => setWidth(watched?.clientWidth ?? 0));
    if (watched) observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

import {
  type FocusEvent,
  type KeyboardEvent,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

export const rowOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;

/** False when that row is not drawn yet. */
function focusRow(place: HTMLElement | null, key: string): boolean {
  const row = place?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
  row?.focus({ preventScroll: true });
  return row !== null && row !== undefined;
}

/**
 * Walking the rows by keyboard: one of them is the tab stop (roving focus), arrows move it, the chosen
 * row follows while one is open. The row with the focus may leave; then the one in its place has it.
 */
export function useWalk({
  keys,
  place,
  rowHeight,
  standing,
  selected,
  onSelect,
}: {
  keys: readonly string[];
  /** What scrolls. */
  place: HTMLElement | null;
  /** px */
  rowHeight: number;
  /** Height of what stands still over and under the rows, px. */
  standing: number;
  selected: string | null;
  onSelect: ((key: string | null) => void) | undefined;
}) {
  const [active, setActive] = useState<string | null>(selected);
  const wanted = useRef<string | null>(null);
  const focused = useRef<{ key: string; index: number } | null>(null);
  const at = active === null ? -1 : keys.indexOf(active);
  const stop = Math.max(0, at);

  const go = (index: number): void => {
    const key = keys[Math.min(keys.length - 1, Math.max(0, index))];
    if (key === undefined || !place) return;
    const top = keys.indexOf(key) * rowHeight;
    const least = top + rowHeight - (place.clientHeight - standing);
    place.scrollTo({ top: Math.min(top, Math.max(least, place.scrollTop)), behavior: 'instant' });
    if (!focusRow(place, key)) wanted.current = key;
    setActive(key);
    if (selected !== null && key !== selected) onSelect?.(key);
  };

  useLayoutEffect(() => {
    const lost = focused.current;
    if (lost && !keys.includes(lost.key) && document.activeElement === document.body) {
      const next = keys[Math.min(keys.length - 1, lost.index)] ?? null;
      focused.current = null;
      wanted.current = next;
      setActive(next);
    }
    if (active !== null && wanted.current === active && focusRow(place, active))
      wanted.current = null;
  }, [keys, active, place]);

  const pick = useCallback(
    (key: string) => {
      setActive(key);
      onSelect?.(key);
    },
    [onSelect],
  );

  return {
    /** Index of the row that Tab comes to. */
    stop,
    pick,
    onKeyDown(event: KeyboardEvent): void {
      const row = rowOf(event.target);
      // Keys typed into what stands in a row, or in a menu over it, are its own.
      if (row !== event.target || event.ctrlKey || event.metaKey || event.altKey) return;
      const page = Math.max(1, Math.floor(((place?.clientHeight ?? 0) - standing) / rowHeight) - 1);
      const moves: Record<string, number> = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        PageDown: at + page,
        PageUp: at - page,
        Home: 0,
        End: keys.length - 1,
      };
      const to = moves[event.key];
      const key = row?.dataset['row'];
      if (to !== undefined) go(to);
      else if ((event.key === 'Enter' || event.key === ' ') && key !== undefined && onSelect)
        pick(key);
      else if (event.key === 'Escape' && selected !== null) onSelect?.(null);
      else return;
      event.preventDefault();
    },
    onFocus(event: FocusEvent): void {
      // Asked to have the focus, the table gives it to the row that Tab would come to.
      if (event.target === event.currentTarget) go(stop);
      const key = rowOf(event.target)?.dataset['row'];
      if (key === undefined) return;
      focused.current = { key, index: keys.indexOf(key) };
      if (key !== active) setActive(key);
    },
    onBlur(event: FocusEvent): void {
      if (event.relatedTarget) focused.current = null;
    },
  };
}

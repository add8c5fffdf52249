import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { late } from '../late.ts';
import css from './tooltip.module.css';

const Popup = late(async () => (await import('./tooltip-popup.tsx')).default);

/** Long enough that a pointer on its way elsewhere shows nothing, ms. */
const DELAY_MS = 450;

/**
 * Words that explain what is pointed at or has the focus. They are a help to the eye: what a screen
 * reader must know stands in the thing itself.
 */
export function Tooltip({
  text,
  side = 'bottom',
  children,
}: {
  text: string;
  side?: 'bottom' | 'right';
  children: ReactNode;
}) {
  const around = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [at, setAt] = useState<Element | null>(null);
  const hide = (): void => {
    clearTimeout(timer.current);
    setAt(null);
  };
  const show = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAt(around.current?.firstElementChild ?? null), DELAY_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <span
      ref={around}
      className={css.around}
      onPointerEnter={show}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show()}
      onBlur={hide}
    >
      {children}
      {at && (
        <Suspense>
          <Popup at={at} text={text} side={side} onClose={hide} />
        </Suspense>
      )}
    </span>
  );
}

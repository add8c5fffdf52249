import { Suspense, useState } from 'react';
import { late } from '../late.ts';
import { Button, type ButtonProps } from './button.tsx';
import type { MenuEntry, MenuPlace, MenuProps } from './menu-entry.ts';

/** Loaded apart: what places and walks a popup is as large as the rest of the frame. */
const loadPopup = async () => (await import('./menu-popup.tsx')).default;
const Popup = late(loadPopup);

/** An open menu. The focus goes into it, and back when it closes. */
export const Menu = (props: MenuProps) => (
  <Suspense>
    <Popup {...props} />
  </Suspense>
);

/** A button that opens a menu under itself. */
export function MenuButton({
  name,
  entries,
  children,
  ...button
}: Omit<ButtonProps, 'name'> & { name: string; entries: () => readonly MenuEntry[] }) {
  const [at, setAt] = useState<Element | null>(null);
  return (
    <>
      <Button
        {...button}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onPointerEnter={() => void loadPopup()}
        onClick={(event) => setAt(event.currentTarget)}
      >
        {children}
      </Button>
      {at && <Menu name={name} at={at} entries={entries()} onClose={() => setAt(null)} />}
    </>
  );
}

/** The place of a menu asked for by mouse or by the menu key: at the pointer, or under the element. */
export function placeOf(event: {
  clientX: number;
  clientY: number;
  currentTarget: Element;
}): MenuPlace {
  const { clientX: x, clientY: y, currentTarget } = event;
  const box = currentTarget.getBoundingClientRect();
  const inside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  return inside && (x !== 0 || y !== 0)
    ? { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }
    : currentTarget;
}

import type { ReactNode } from 'react';

/** A line of a menu: something to do, something that is on or off, one of a few, or a divider. */
export type MenuEntry =
  | { label: ReactNode; choose: () => void; keys?: string; danger?: boolean; disabled?: boolean }
  | {
      label: ReactNode;
      checked: boolean;
      /** Said beside it. */
      note?: string | undefined;
      disabled?: boolean;
      onToggle: (checked: boolean) => void;
    }
  | {
      label: string;
      value: string;
      options: readonly { value: string; label: string }[];
      onPick: (value: string) => void;
    }
  | { line: true };

/** Where a menu opens: under an element, or at a point of the window. */
export type MenuPlace = Element | { getBoundingClientRect: () => DOMRect };

export interface MenuProps {
  name: string;
  at: MenuPlace;
  entries: readonly MenuEntry[];
  onClose: () => void;
}

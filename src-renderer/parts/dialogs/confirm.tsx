import type { ReactNode } from 'react';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { FormDialog } from './form-dialog.tsx';

/** Asks before something is destroyed or replaced. The focus is on Cancel. */
export const Confirm = ({
  title,
  action,
  busyAction,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  action: string;
  /** What its button says meanwhile. */
  busyAction?: string | undefined;
  children: ReactNode;
  onConfirm: () => Promise<Answer<unknown>>;
  onClose: () => void;
}) => (
  <FormDialog
    title={title}
    action={action}
    busyAction={busyAction}
    destroys
    cautious
    onSubmit={onConfirm}
    onClose={onClose}
  >
    {children}
  </FormDialog>
);

import type { ReactNode } from 'react';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { FormDialog } from './form-dialog.tsx';

/** Asks before something is destroyed or replaced. The focus is on Cancel. */
export const Confirm = ({
  title,
  action,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  action: string;
  children: ReactNode;
  onConfirm: () => Promise<Answer<unknown>>;
  onClose: () => void;
}) => (
  <FormDialog
    title={title}
    action={action}
    destroys
    cautious
    onSubmit={onConfirm}
    onClose={onClose}
  >
    {children}
  </FormDialog>
);

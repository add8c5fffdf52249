import { useActions, useDesk } from '../../state/use-desk.tsx';
import { classes } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { Text } from '../figures/text.tsx';
import css from './toasts.module.css';

/** What became of a command, said once in the corner (a status message, WCAG 4.1.3). */
export function Toasts() {
  const toasts = useDesk((state) => state.toasts);
  const { dismiss } = useActions();
  return (
    <div className={css.toasts} role="status">
      {toasts.map((toast) => (
        <div key={toast.id} className={classes(css.toast, toast.failed && css.failed)}>
          <span>
            {toast.failed && (
              <Text as="b" tone="red">
                Not done.{' '}
              </Text>
            )}
            {toast.text}
          </span>
          <Button variant="quiet" small onClick={() => dismiss(toast.id)}>
            Close
          </Button>
        </div>
      ))}
    </div>
  );
}

import { Tooltip as Base } from '@base-ui/react/tooltip';
import css from './popup.module.css';

/** The words of a tooltip. Loaded when the first one is shown. */
const TooltipPopup = ({
  at,
  text,
  side,
  onClose,
}: {
  at: Element;
  text: string;
  side: 'bottom' | 'right';
  onClose: () => void;
}) => (
  <Base.Root open onOpenChange={(open) => !open && onClose()}>
    <Base.Portal>
      <Base.Positioner className={css.positioner} anchor={at} side={side} sideOffset={6}>
        <Base.Popup className={css.tooltip} role="tooltip">
          {text}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

export default TooltipPopup;

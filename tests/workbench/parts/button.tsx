import { Button, ButtonRow } from '../../../src-renderer/parts/controls/button.tsx';
import type { Scenes } from '../parts.tsx';

const variants = ['plain', 'primary', 'danger', 'destroy', 'quiet', 'link'] as const;

export const scenes: Scenes = {
  variants: () => (
    <ButtonRow>
      {variants.map((variant) => (
        <Button key={variant} variant={variant}>
          {variant}
        </Button>
      ))}
      <Button variant="icon" aria-label="Close panel">
        ✕
      </Button>
    </ButtonRow>
  ),
  small: () => <Button small>Verify</Button>,
  keys: () => <Button keys="Ctrl K">Search or run</Button>,
  busy: () => (
    <Button variant="primary" busy>
      Backing up…
    </Button>
  ),
  disabled: () => (
    <ButtonRow>
      {variants.map((variant) => (
        <Button key={variant} variant={variant} disabled>
          {variant}
        </Button>
      ))}
    </ButtonRow>
  ),
};

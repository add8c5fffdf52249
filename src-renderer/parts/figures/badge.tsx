import type { ReactNode } from 'react';
import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { Mode } from '../../../src-preload/contract/words.ts';
import { classes } from '../classes.ts';
import css from './badge.module.css';

type BadgeTone = 'plain' | 'amber' | 'red' | 'accent' | 'bright';

/** A remark beside a figure. */
export const Badge = ({
  tone = 'plain',
  title,
  children,
}: {
  tone?: BadgeTone;
  title?: string | undefined;
  children: ReactNode;
}) => (
  <span className={classes(css.badge, tone !== 'plain' && css[tone])} title={title}>
    {children}
  </span>
);

/** A standing that can be pressed to change it. */
export const BadgeButton = ({
  tone = 'plain',
  name,
  onPress,
  children,
}: {
  tone?: BadgeTone;
  name: string;
  onPress: () => void;
  children: ReactNode;
}) => (
  <button
    type="button"
    className={classes(css.badge, css.chip, tone !== 'plain' && css[tone])}
    aria-label={name}
    onClick={onPress}
  >
    {children}
  </button>
);

/** Real money is the brightest; red is kept for what is unprotected or failed. */
const venueTone: Record<AccountRow['venue'], BadgeTone> = {
  practice: 'amber',
  custom: 'amber',
  testnet: 'amber',
  demo: 'amber',
  live: 'bright',
};

/** What an account trades on, in a word; `custom` is one whose addresses the operator gave himself. */
export const venueName: Record<AccountRow['venue'], string> = {
  practice: 'practice',
  custom: 'other venue',
  testnet: 'testnet',
  demo: 'demo',
  live: 'live',
};

export const VenueBadge = ({ venue }: { venue: AccountRow['venue'] }) => (
  <span
    className={classes(css.badge, css.chip, venueTone[venue] !== 'plain' && css[venueTone[venue]])}
  >
    {venueName[venue]}
  </span>
);

export const modeMeaning: Record<Mode, string> = {
  watch: 'Watches and says what it would do. Nothing is sent.',
  propose: 'Puts every step before you, field by field. Nothing is sent without your yes.',
  armed: 'Acts on its own: sets and moves stops, cancels entries, keeps the take-profits.',
};

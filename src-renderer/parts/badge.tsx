import type { AccountRow } from '../../src-preload/contract/accounts.ts';
import type { Mode } from '../../src-preload/contract/words.ts';

const venueTone: Record<AccountRow['venue'], string> = {
  practice: 'amber',
  custom: 'amber',
  testnet: 'amber',
  demo: 'amber',
  live: 'red',
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
  <span className={`chip ${venueTone[venue]}`}>{venueName[venue]}</span>
);

export const modeMeaning: Record<Mode, string> = {
  watch: 'Watches and says what it would do. Nothing is sent.',
  propose: 'Puts every action before you for approval.',
  armed: 'Acts on its own: moves stops, cancels entries.',
};

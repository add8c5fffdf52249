export type { Mode, Role, Venue } from '../../src-preload/contract/words.ts';

/** One Bybit sub-account as Holdfast names it. There is no default account: every read and write names one. */
export type AccountId = string;

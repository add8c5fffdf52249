/** One Bybit sub-account as Holdfast names it. There is no default account: every read and write names one. */
export type AccountId = string;

export type Role = 'main' | 'mirror';

/** Where an account lives. `practice` is the embedded exchange, `custom` any compatible venue. */
export type Venue = 'practice' | 'custom' | 'demo' | 'testnet' | 'live';

/** What Holdfast may do: only look, propose for approval, or act by itself. */
export type Mode = 'watch' | 'propose' | 'armed';

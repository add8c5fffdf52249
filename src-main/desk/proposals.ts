import { z } from 'zod';
import type { AccountId, Mode } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import { createProposals, type Proposals } from '../monitor/propose/proposals.ts';
import type { Change, SaveOutcome, SaveReason } from '../persistence/store.ts';

/** The setting that keeps what was dismissed. */
const DISMISSED = 'dismissedProposals';

const shape = z.record(z.string(), z.string());

/** The proposals of a desk: what was dismissed and the story of each are saved; what cannot be read is asked again. */
export const deskProposals = (options: {
  clock: Clock;
  settings: Readonly<Record<string, unknown>>;
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  plan: Parameters<typeof createProposals>[0]['plan'];
  onChange: () => void;
}): Proposals => {
  const { clock, settings, save, plan, onChange } = options;
  return createProposals({
    clock,
    plan,
    dismissed: shape.safeParse(settings[DISMISSED]).data ?? {},
    saveDismissed: (dismissed) => save('settings', { settings: { [DISMISSED]: dismissed } }),
    tell: (line) => save('timeline', { timeline: [line] }),
    onChange,
  });
};

/** What stands of accounts that do not propose any more is withdrawn, and says why. */
export function endProposals(
  proposals: Proposals,
  accounts: readonly AccountId[],
  modeOf: (account: AccountId) => Mode,
): void {
  for (const account of accounts) {
    const mode = modeOf(account);
    const now = mode === 'watch' ? 'in watch mode' : mode;
    if (mode !== 'propose') proposals.lapseAll(account, `${account} is ${now} now.`);
  }
}

import type { ReactNode } from 'react';
import type { AccountRow } from '../../src-preload/contract/accounts.ts';
import { classes } from '../parts/classes.ts';
import { Tooltip } from '../parts/controls/tooltip.tsx';
import { Age } from '../parts/figures/age.tsx';
import { BadgeButton, modeMeaning, VenueBadge } from '../parts/figures/badge.tsx';
import { Figure, Profit } from '../parts/figures/figure.tsx';
import { Light, type LightTone } from '../parts/figures/light.tsx';
import { Unseen } from '../parts/figures/text.tsx';
import { accountName } from '../parts/names.ts';
import { money } from '../parts/number-text.ts';
import { useActions, useConnection, useRows } from '../state/use-desk.tsx';
import css from './account-strip.module.css';
import { words } from './words.ts';

const streamTone: Record<AccountRow['streamState'], LightTone> = {
  ready: 'ok',
  connecting: 'wait',
  authenticating: 'wait',
  syncing: 'wait',
  off: 'off',
  down: 'fail',
  refused: 'fail',
};

/** Every account's standing at the top of every view. */
export function AccountStrip({ children }: { children: ReactNode }) {
  const accounts = useRows('accounts');
  const lost = useConnection().state === 'lost';
  return (
    <header className={css.strip}>
      <div className={classes(css.accounts, lost && css.lost)}>
        {[...(accounts?.values() ?? [])].map((account) => (
          <Account key={account.id} account={account} />
        ))}
      </div>
      <div className={css.right}>{children}</div>
    </header>
  );
}

function Account({ account }: { account: AccountRow }) {
  const { id, venue, mode, streamState, streamReason } = account;
  const { ask } = useActions();
  const ready = streamState === 'ready';
  return (
    <section
      className={classes(css.account, venue === 'live' && css.live)}
      aria-label={words.account(id)}
    >
      <div className={css.standing}>
        <b>{accountName(id)}</b>
        <VenueBadge venue={venue} />
        <Tooltip text={words.modeHint(modeMeaning[mode])}>
          <BadgeButton
            tone={mode === 'armed' ? 'accent' : 'plain'}
            name={words.modeButton(id, mode)}
            onPress={() => ask({ what: 'mode', account: id })}
          >
            {mode}
          </BadgeButton>
        </Tooltip>
        <Figure name={ready ? words.data : words.stream} hint={streamReason ?? undefined}>
          <span className={css.data}>
            <Light tone={streamTone[streamState]} />
            <span>
              <Unseen>{words.streamHeard(streamState)}</Unseen>
              {ready ? '' : `${streamState} · `}
              <Age at={account.asOf} />
            </span>
          </span>
        </Figure>
      </div>
      <Figure name={words.equity}>{money(account.equity)}</Figure>
      <Figure name={words.unrealised}>
        <Profit value={account.unrealisedPnl} />
      </Figure>
    </section>
  );
}

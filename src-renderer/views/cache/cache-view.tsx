import type { CacheState } from '../../../src-preload/contract/cache.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Switch } from '../../parts/controls/choice.tsx';
import { Tooltip } from '../../parts/controls/tooltip.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { EmptyState } from '../../parts/layout/empty-state.tsx';
import { View, ViewHeader } from '../../parts/layout/view.tsx';
import { percent } from '../../parts/number-text.ts';
import { useActions, useRows, useValue } from '../../state/use-desk.tsx';
import css from './cache-view.module.css';
import { CallsChart, CycleChart } from './charts.tsx';
import { HealthPanel } from './health-panel.tsx';
import { KindsTable } from './kinds-table.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { SavesPanel } from './saves-panel.tsx';
import { words } from './words.ts';

/** What the app saves the operator: calls, time, writes; and whether its sources are sound. */
export function CacheView() {
  const cache = useValue('cache');
  const cycles = useRows('cycles');
  return (
    <View>
      {cache ? (
        <>
          <Header cache={cache} />
          <div className={css.body}>
            <div className={css.pair}>
              <CallsChart history={cache.history} />
              <CycleChart cycles={cycles} />
            </div>
            <div className={css.table}>
              <KindsTable kinds={cache.kinds} />
            </div>
            <div className={css.pair}>
              <SavesPanel />
              <HealthPanel />
            </div>
            <div className={css.table}>
              <OperationsPanel />
            </div>
          </div>
        </>
      ) : (
        <EmptyState title={words.waiting}>
          <p>{words.waitingMore}</p>
        </EmptyState>
      )}
    </View>
  );
}

function Header({ cache }: { cache: CacheState }) {
  const { run } = useActions();
  return (
    <ViewHeader
      title={
        cache.enabled ? (
          cache.hitRate === null ? (
            words.nothingAsked
          ) : (
            words.answered(percent(cache.hitRate, 1))
          )
        ) : (
          <Text tone="amber">{words.off}</Text>
        )
      }
      more={
        <Text tone="mute">
          {words.calls(cache.callsPerMinute)}
          {cache.enabled && words.insteadOf(cache.callsPerMinuteWithoutCache)}
        </Text>
      }
    >
      <Switch
        on={cache.enabled}
        onChange={(on) =>
          void run('settings.update', { cacheEnabled: on }, ({ cacheEnabled }) =>
            cacheEnabled ? words.isOn : words.isOff,
          )
        }
      >
        {words.switch}
      </Switch>
      <Tooltip text={words.invalidateHint}>
        <Button
          onClick={() =>
            void run('cache.invalidate', {}, ({ invalidated }) => words.forgotten(invalidated))
          }
        >
          {words.invalidate}
        </Button>
      </Tooltip>
      <Tooltip text={words.sweepHint}>
        <Button
          variant="primary"
          onClick={() =>
            void run('cache.sweep', {}, ({ differences }) =>
              differences === 0 ? words.sweptSame : words.swept(differences),
            )
          }
        >
          {words.sweep}
        </Button>
      </Tooltip>
    </ViewHeader>
  );
}

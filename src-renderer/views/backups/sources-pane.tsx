import type { BackupSourceRow, BackupsState } from '../../../src-preload/contract/backups.ts';
import { Button, ButtonRow } from '../../parts/controls/button.tsx';
import { PickButton } from '../../parts/controls/pick-button.tsx';
import { Meter } from '../../parts/figures/meter.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { bytes } from '../../parts/number-text.ts';
import { ago, clockMinute } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import css from './sources-pane.module.css';
import { countWords, newestOf, sourceName, words } from './words.ts';

/** What is backed up, how full the vault is, and the ways to bring more in. */
export function SourcesPane({
  state,
  chosen,
  onChoose,
}: {
  state: BackupsState;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const { ask, run } = useActions();
  const full = state.sizeLimit > 0 ? state.totalSize / state.sizeLimit : 0;
  return (
    <section className={css.sources} aria-label={words.sources}>
      <h2>{words.sources}</h2>
      <ul>
        {state.sources.map((source) => (
          <li key={source.id}>
            <Source
              source={source}
              state={state}
              chosen={source.id === chosen}
              onChoose={onChoose}
            />
            {source.kind === 'file' && source.id === chosen && (
              <Button variant="quiet" small onClick={() => ask({ what: 'unprotect', source })}>
                {words.stopProtecting}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className={css.more}>
        <ButtonRow>
          <Button onClick={() => ask({ what: 'protect' })}>{words.protectFile}</Button>
          <Button onClick={() => ask({ what: 'import' })}>{words.import}</Button>
          <Button
            disabled={state.running !== null || state.backups.length === 0}
            onClick={() =>
              void run('backups.verifyAll', {}, ({ backups }) => {
                const bad = backups.filter(({ verified }) => !verified).length;
                const n = backups.length;
                return bad === 0 ? words.allGood(n) : words.someBad(bad, n);
              })
            }
          >
            {words.verifyAll}
          </Button>
        </ButtonRow>
        <Meter
          name={words.vaultUsed}
          done={state.totalSize}
          total={state.sizeLimit}
          look={full > 0.9}
        />
        <Text as="p" tone="mute">
          {words.used(bytes(state.totalSize), bytes(state.sizeLimit))}
        </Text>
        {state.second && <SecondFolder second={state.second} />}
      </div>
    </section>
  );
}

function Source({
  source,
  state,
  chosen,
  onChoose,
}: {
  source: BackupSourceRow;
  state: BackupsState;
  chosen: boolean;
  onChoose: (id: string) => void;
}) {
  const now = useNow();
  const newest = newestOf(source.id, state.backups);
  const due = source.nextDueAt;
  return (
    <PickButton chosen={chosen} title={source.path} onClick={() => onChoose(source.id)}>
      <Text as="b" cut>
        {sourceName(source)}
      </Text>
      <Text tone="mute" size="small">
        {words.kept(source.versions, bytes(source.storedSize))}
        {source.kind === 'file' && newest && ` · ${countWords(newest.counts, 1)}`}
      </Text>
      {due !== null && (
        <Text tone="mute" size="small">
          {due > now ? words.nextDue(clockMinute(due)) : words.overdue(now - due)}
        </Text>
      )}
      {source.lastFailure && (
        <Text tone="red" size="small">
          {source.lastFailure}
        </Text>
      )}
    </PickButton>
  );
}

/** How old the newest copy in the second folder is, or why there is none. */
function SecondFolder({ second }: { second: NonNullable<BackupsState['second']> }) {
  const now = useNow();
  const { folder, newestAt, sameDisk, lastFailure } = second;
  const newest = words.secondNewest(newestAt === null ? null : ago(newestAt, now));
  return (
    <Text as="p" tone={lastFailure !== null || sameDisk ? 'amber' : 'mute'} title={folder}>
      {lastFailure ?? (sameDisk ? `${newest}. ${words.secondSameDisk}` : newest)}
    </Text>
  );
}

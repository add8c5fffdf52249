import type { BackupRow, BackupSourceRow } from '../../../src-preload/contract/backups.ts';
import { Button, ButtonRow } from '../../parts/controls/button.tsx';
import { Figure, Figures } from '../../parts/figures/figure.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Section, SidePanel } from '../../parts/layout/panel.tsx';
import { bytes, count } from '../../parts/number-text.ts';
import { clock, day, dayAndClock } from '../../parts/time-text.ts';
import { useNow } from '../../state/use-desk.tsx';
import css from './backup-panel.module.css';
import { Undoes, usePreview } from './preview.tsx';
import { useBackupActions } from './use-backup-actions.ts';
import { className, countName, sourceName, words } from './words.ts';

/** What one backup holds, what restoring it would undo, and what can be done with it. */
export function BackupPanel({
  backup,
  source,
  goesAt,
  onClose,
}: {
  backup: BackupRow;
  source: BackupSourceRow;
  /** When it would go in the coming day, ms; `undefined` where it would not. */
  goesAt: number | undefined;
  onClose: () => void;
}) {
  const { restore, verify, pin, copyOut, remove } = useBackupActions();
  const preview = usePreview(backup.id);
  const now = useNow();
  const { madeAt, newSize, storedSize, size, sha256, pinned, verifyError } = backup;
  return (
    <SidePanel
      name={words.panel}
      title={`${day(madeAt, now) || words.today}, ${clock(madeAt)}`}
      subtitle={
        <>
          {className[backup.class]} · {words.stored(bytes(newSize), bytes(storedSize), bytes(size))}{' '}
          · SHA‑256{' '}
          <Text mono title={sha256}>
            {sha256.slice(0, 4)}…{sha256.slice(-4)}
          </Text>
        </>
      }
      onClose={onClose}
      footer={
        <ButtonRow>
          <Button
            variant="primary"
            disabled={verifyError !== null}
            onClick={() => restore(backup, source)}
          >
            {words.restore}
          </Button>
          <Button onClick={() => verify(backup)}>{words.verify}</Button>
          <Button aria-pressed={pinned} onClick={() => pin(backup)}>
            {pinned ? words.unpin : words.pin}
          </Button>
          <Button onClick={() => copyOut(backup)}>{words.export}</Button>
          <Button variant="danger" onClick={() => remove(backup)}>
            {words.delete}
          </Button>
        </ButtonRow>
      }
    >
      {verifyError && (
        <Section title={words.damagedTitle}>
          <Text as="p" tone="red">
            {verifyError}
          </Text>
        </Section>
      )}
      <Section title={words.ifRestored}>
        <Undoes preview={preview} backup={backup} source={source} />
      </Section>
      <Section title={words.inside}>
        <Figures across="three">
          {Object.entries(backup.counts).map(([name, n]) => (
            <Figure key={name} name={countName(name)}>
              {count(n)}
            </Figure>
          ))}
          {backup.newestEventAt !== null && (
            <Figure name={words.newestEvent}>{clock(backup.newestEventAt)}</Figure>
          )}
          <Figure name={words.version}>{backup.programVersion}</Figure>
          {backup.schemaVersion !== null && (
            <Figure name={words.schema}>{backup.schemaVersion}</Figure>
          )}
        </Figures>
        {preview?.ok && preview.value.head && <pre className={css.head}>{preview.value.head}</pre>}
      </Section>
      <Section title={words.fate}>
        <Text as="p" tone={backup.fate.keep ? 'mute' : 'amber'}>
          {backup.fate.why}
          {backup.fate.keep && goesAt !== undefined && ` ${words.goesAt(dayAndClock(goesAt, now))}`}
        </Text>
      </Section>
      <Section title={words.howItGoes}>
        <Text as="p" tone="mute">
          {source.kind === 'database' ? words.howDatabase : words.howFile(sourceName(source))}
        </Text>
      </Section>
    </SidePanel>
  );
}

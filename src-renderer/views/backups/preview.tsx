import { useEffect, useState } from 'react';
import type {
  BackupPreview,
  BackupRow,
  BackupSourceRow,
} from '../../../src-preload/contract/backups.ts';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { Text } from '../../parts/figures/text.tsx';
import { useActions, useNow } from '../../state/use-desk.tsx';
import css from './preview.module.css';
import { goesBack, lossLines } from './verdict-words.ts';
import { words } from './words.ts';

/** The preview, asked for when a backup is chosen. */
export function usePreview(id: string): Answer<BackupPreview> | null {
  const { call } = useActions();
  const [preview, setPreview] = useState<Answer<BackupPreview> | null>(null);
  useEffect(() => {
    let wanted = true;
    void (async () => {
      const answer = await call('backups.show', { id });
      if (wanted) setPreview(answer);
    })();
    return () => {
      wanted = false;
    };
  }, [call, id]);
  return preview;
}

/** What restoring would change against now, in words. */
export function Undoes({
  preview,
  backup,
  source,
}: {
  preview: Answer<BackupPreview> | null;
  backup: BackupRow;
  source: BackupSourceRow;
}) {
  const now = useNow();
  if (!preview) {
    return (
      <Text as="p" tone="mute">
        {words.comparing}
      </Text>
    );
  }
  const problem = preview.ok ? preview.value.problem : preview.error.message;
  if (!preview.ok || problem) {
    return (
      <Text as="p" tone="red">
        {problem}
      </Text>
    );
  }
  const { value } = preview;
  const lines = lossLines(value);
  return (
    <>
      <p>
        <b>{goesBack(value, backup.madeAt, now)}</b>{' '}
        {lines.length === 0 && source.kind === 'database' && words.nothingDiffers}
      </p>
      <ul className={css.losses}>
        {lines.map(({ mark, tone, text }) => (
          <li key={text}>
            <Text tone={tone}>{mark}</Text>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

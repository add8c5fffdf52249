import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSaving } from '../../../src-main/desk/state/saving.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import { openStore } from '../../../src-main/persistence/open.ts';
import type { AlertRecord, TimelineRecord } from '../../../src-main/persistence/records.ts';
import { manualClock } from '../../support/manual-clock.ts';

const alert: AlertRecord = {
  id: 'a1',
  severity: 'critical',
  rule: 'unprotected',
  account: 'main',
  symbol: 'BTCUSDT',
  text: 'BTCUSDT has no stop.',
  at: 1,
  owed: [],
};
const line: TimelineRecord = {
  id: 't1',
  account: 'main',
  symbol: 'BTCUSDT',
  positionIdx: 0,
  at: 1,
  stage: 'seen',
  text: 'Seen.',
  detail: null,
};

async function setUp() {
  const clock = manualClock();
  const store = await openStore({
    dataDir: mkdtempSync(join(tmpdir(), 'holdfast-saving-')),
    clock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: '0.0.0',
    newId: randomUUID,
    beforeMigration: () => {},
    onTrouble: () => {},
  });
  onTestFinished(() => store.close());
  const loaded = store.load();
  return {
    store,
    loaded,
    saving: createSaving({
      store,
      loaded,
      clock,
      onTrades: () => {},
      onTimeline: () => {},
      onOperations: () => {},
      onAway: () => {},
    }),
  };
}

test('P41 what is saved while another state takes over waits; only what is true in any state is kept', async () => {
  const { store, loaded, saving } = await setUp();
  saving.hold();
  store.refuseWrites('A backup is being restored.');
  expect(saving.save('alert', { alerts: [alert] })).toBe('kept');
  expect(saving.save('phase-change', { timeline: [line] })).toBe('kept');
  store.allowWrites();
  saving.startOver(loaded);
  store.flush();
  expect(store.alerts(10).map(({ id }) => id)).toEqual(['a1']);
  expect(store.timeline({ limit: 10 })).toEqual([]);
});

test('when the restore is given up, everything that waited is saved', async () => {
  const { store, saving } = await setUp();
  saving.hold();
  store.refuseWrites('A backup is being restored.');
  saving.save('alert', { alerts: [alert] });
  saving.save('phase-change', { timeline: [line] });
  store.allowWrites();
  saving.release();
  store.flush();
  expect(store.alerts(10).map(({ id }) => id)).toEqual(['a1']);
  expect(store.timeline({ limit: 10 }).map(({ id }) => id)).toEqual(['t1']);
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askVerdict, examineVerdict } from '../../src-main/command-line/examine.ts';
import type { DeskCalls } from '../../src-main/desk/desk.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import { verdictOf } from '../../src-main/monitor/rules/verdict.ts';
import type { Push } from '../../src-preload/contract/slices.ts';
import { titleOf, type VerdictState } from '../../src-preload/contract/verdict.ts';
import type { Connection } from '../../src-renderer/client/connection.ts';
import { shownVerdict } from '../../src-renderer/parts/verdict-text.ts';
import { type Slices, takePush } from '../../src-renderer/state/slices.ts';

type StandIn = typeof import('../support/electron.ts');
let electron: StandIn;

beforeEach(async () => {
  vi.resetModules();
  electron = await import('../support/electron.ts');
  await electron.app.whenReady();
  electron.protocol.handle('app', async () => new Response('<!doctype html>'));
});
afterEach(() => electron.standIn.windows.at(-1)?.close());

const now = 1_800_000_000_000;
const seen = (account: string, seenAt: number | null, confirmed = seenAt === now) => ({
  account,
  confirmed,
  seenAt,
  trouble: null,
});
const position = (n: number, state: 'full' | 'none') => ({
  key: positionKey({ account: 'main', symbol: `S${n}USDT`, positionIdx: 0 }),
  account: 'main',
  protection: { state, beyondLiquidation: false },
});
const open: Connection = { state: 'open', since: now, attempts: 0, refused: false };
const facts = { paused: false, ttlMs: 15_000, now };
const two = [position(1, 'full'), position(2, 'full')];

/** A desk that has only this verdict to tell, and then others. */
function deskSaying(first: VerdictState): DeskCalls & { say(next: VerdictState): void } {
  const listeners = new Set<(push: Push) => void>();
  let value = first;
  let version = 0;
  const push = (): Push => ({ slice: 'verdict', epoch: 'e', version, value });
  return {
    call: async () => ({ ok: true, value }),
    subscribe(listener) {
      listener(push());
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say(next) {
      value = next;
      version += 1;
      for (const listener of listeners) listener(push());
    },
  };
}

const states: [what: string, verdict: VerdictState][] = [
  ['all is protected', verdictOf({ ...facts, accounts: [seen('main', now)], positions: two })],
  [
    'the first version said "all protected" in the tray and "not certain" on the screen',
    verdictOf({ ...facts, accounts: [seen('main', now - 49_000)], positions: two }),
  ],
  [
    'one has no stop',
    verdictOf({ ...facts, accounts: [seen('main', now)], positions: [position(3, 'none')] }),
  ],
  [
    'one is not understood',
    verdictOf({
      ...facts,
      accounts: [seen('main', now)],
      positions: [...two, { ...position(3, 'full'), setAside: true }],
    }),
  ],
  [
    'paused after a restore',
    verdictOf({ ...facts, paused: true, accounts: [seen('main', now)], positions: two }),
  ],
  ['still connecting', verdictOf({ ...facts, accounts: [seen('main', null)], positions: [] })],
];

test.each(states)('tray, window, screen and doctor say the same: %s', async (_, verdict) => {
  const { onVerdict } = await import('../../src-main/desktop/verdict.ts');
  const { setupTray } = await import('../../src-main/desktop/tray.ts');
  const { setupWindow } = await import('../../src-main/desktop/window.ts');
  const folder = mkdtempSync(join(tmpdir(), 'holdfast told '));
  const [, other] = states.find(([, one]) => one !== verdict) ?? states[0] ?? [];
  const desk = deskSaying(other as VerdictState);

  const stopTray = setupTray({ desk, resources: folder, showWindow() {} });
  const window = setupWindow({
    dataDir: folder,
    accountsFile: null,
    folders: { renderer: folder, resources: folder, preload: join(folder, 'preload.cjs') },
  });
  const stopTitle = onVerdict(desk, (told) => window.setTitle(titleOf(told)));
  let slices: Slices = {};
  const stopScreen = desk.subscribe((push) => {
    slices = takePush(slices, push).slices;
  });

  desk.say(verdict);

  const { sentence } = verdict;
  const tray = electron.standIn.trays.at(-1);
  expect(tray?.tip).toBe(`Holdfast: ${sentence}`);
  expect(tray?.menu[0]?.label).toBe(sentence);
  expect(shownVerdict(open, slices.verdict?.value ?? null, now).sentence).toBe(sentence);
  const told = await askVerdict(
    async () => ((await desk.call('state.get', {})) as { value: unknown }).value,
  );
  expect(told.sentence).toBe(sentence);
  expect(examineVerdict(told).map(({ text }) => text)).toEqual(
    verdict.severity === 'ok' ? [] : [sentence],
  );
  // A window that was closed meanwhile comes back with the title of now.
  window.show();
  expect(electron.standIn.windows.at(-1)?.title).toContain(sentence);
  stopScreen();
  stopTitle();
  stopTray();
});

import { commands } from '../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../src-preload/contract/link.ts';
import { type PreferencesChange, withPreferences } from '../../src-preload/contract/preferences.ts';
import type {
  ListSlices,
  ObjectSlices,
  Push,
  SliceName,
} from '../../src-preload/contract/slices.ts';
import { isListSlice, objectSliceNames } from '../../src-preload/contract/slices.ts';
import { verdictOfRows } from '../support/judged.ts';
import { answerTo } from './fixture-approvals.ts';
import type { FixtureState } from './fixture-state.ts';

export interface Fixture {
  state: FixtureState;
  call(command: string, input: unknown): Promise<Answer<unknown>>;
  subscribe(listener: (push: Push) => void): () => void;
  /** Sends some rows of a list as a change. */
  change<Name extends keyof ListSlices>(
    slice: Name,
    changed: ListSlices[Name][],
    removed?: string[],
  ): void;
  /** Works the verdict out anew from the rows and sends it. */
  judge(): void;
  /** Counts a version of a slice that is never sent: a screen must notice. */
  skip(slice: SliceName): void;
  /** Sets an object slice and sends it. */
  set<Name extends keyof ObjectSlices>(slice: Name, value: ObjectSlices[Name]): void;
}

const ok = (value: unknown): Answer<unknown> => ({ ok: true, value });
const refuse = (code: string, message: string): Answer<unknown> => ({
  ok: false,
  error: { code, message },
});
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A desk made of a fixture: it answers every command as a desk would, and does nothing. */
export function createFixture(state: FixtureState, now: () => number): Fixture {
  const listeners = new Set<(push: Push) => void>();
  const versions = new Map<SliceName, number>();
  const epoch = 'fixture';
  const next = (slice: SliceName): number => {
    const version = (versions.get(slice) ?? 0) + 1;
    versions.set(slice, version);
    return version;
  };
  const emit = (push: Push): void => {
    for (const listener of listeners) listener(push);
  };
  const change: Fixture['change'] = (slice, changed, removed = []) =>
    emit({ slice, epoch, version: next(slice), changed, removed } as Push);
  const set: Fixture['set'] = (slice, value) => {
    state.objects[slice] = value;
    emit({ slice, epoch, version: next(slice), value } as Push);
  };
  const judge = (): void => {
    const { accounts, positions } = state.lists;
    const paused = state.objects.backups.paused !== null;
    set('verdict', verdictOfRows(accounts, positions, { paused, now: now() }));
  };

  const backupOf = (id: string) => state.objects.backups.backups.find((backup) => backup.id === id);
  const setBackups = (part: Partial<ObjectSlices['backups']>): void =>
    set('backups', { ...state.objects.backups, ...part });
  const alter = (id: string, part: object): Answer<unknown> => {
    setBackups({
      backups: state.objects.backups.backups.map((backup) =>
        backup.id === id ? { ...backup, ...part } : backup,
      ),
    });
    return ok(backupOf(id));
  };
  const steps = async (what: string, names: string[]): Promise<void> => {
    for (const [done, step] of names.entries()) {
      setBackups({ running: { what, step, done, total: names.length } });
      await pause(250);
    }
    setBackups({ running: null });
  };

  const call = async (command: string, given: unknown): Promise<Answer<unknown>> => {
    const schema = commands[command as keyof typeof commands]?.input;
    if (!schema) return refuse('BAD_INPUT', `There is no command ${command}.`);
    const parsed = schema.safeParse(given);
    if (!parsed.success) return refuse('BAD_INPUT', `The input of ${command} does not fit.`);
    const input = parsed.data as {
      slice: SliceName;
      id: string;
      account: string;
      mode: 'watch';
      source?: string;
      note?: string;
    };
    switch (command) {
      case 'state.get':
        return ok(
          isListSlice(input.slice)
            ? { rows: state.lists[input.slice] }
            : state.objects[input.slice],
        );
      case 'account.setMode': {
        const rows = state.lists.accounts.map((row) =>
          row.id === input.account ? { ...row, mode: input.mode } : row,
        );
        state.lists.accounts = rows;
        change('accounts', rows);
        return ok({ account: input.account, mode: input.mode, saved: true });
      }
      case 'settings.update':
        if ('cacheEnabled' in input) {
          set('cache', { ...state.objects.cache, enabled: Boolean(input.cacheEnabled) });
          set('settings', { ...state.objects.settings, cacheEnabled: Boolean(input.cacheEnabled) });
        }
        return ok(state.objects.settings);
      case 'preferences.update':
        set(
          'preferences',
          withPreferences(state.objects.preferences, parsed.data as PreferencesChange),
        );
        return ok(state.objects.preferences);
      case 'cache.invalidate':
        return ok({ invalidated: 8 });
      case 'cache.sweep':
        return ok({ differences: 0 });
      case 'away.dismiss': {
        const dismissed = state.lists.away.map(({ id }) => id);
        state.lists.away = [];
        change('away', [], dismissed);
        return ok({ dismissed: dismissed.length });
      }
      case 'approvals.approve': {
        const proposal = state.lists.approvals.find(({ id }) => id === input.id);
        if (!proposal) return refuse('NOT_FOUND', `There is no proposal "${input.id}".`);
        const { row, instead, answer } = answerTo(proposal, now());
        const left = state.lists.approvals.filter(({ id }) => id !== proposal.id);
        state.lists.approvals = [...left, ...instead];
        state.lists.answered = [row, ...state.lists.answered];
        change('approvals', instead, [proposal.id]);
        change('answered', [row]);
        return ok(answer);
      }
      case 'approvals.dismiss':
        state.lists.approvals = state.lists.approvals.filter(({ id }) => id !== input.id);
        change('approvals', [], [input.id]);
        return ok({ id: input.id });
      case 'backups.create': {
        await steps('Backing up', ['Checking the database', 'Copying', 'Compressing', 'Verifying']);
        const source = input.source ?? 'state';
        const like = state.objects.backups.backups.find((backup) => backup.source === source);
        if (!like) return refuse('NOT_FOUND', 'There is no such source.');
        const made = {
          ...like,
          id: `${source}-${now()}`,
          madeAt: now(),
          verifiedAt: now(),
          class: 'manual' as const,
          reason: 'asked for',
          note: input.note ?? null,
        };
        setBackups({ backups: [made, ...state.objects.backups.backups] });
        return ok(made);
      }
      case 'backups.show': {
        const backup = backupOf(input.id);
        if (!backup) return refuse('NOT_FOUND', 'There is no such backup.');
        const { counts, newestEventAt, madeAt } = backup;
        const database = backup.source === 'state';
        return ok({
          id: input.id,
          counts,
          newestEventAt,
          goesBackMs: now() - madeAt,
          monitorsAdded: database ? ['OPUSDT short, Main'] : [],
          monitorsRemoved: database ? ['DOGEUSDT long, Main'] : [],
          monitorsChanged: database ? ['ETHUSDT long, Main', 'SOLUSDT short, Mirror'] : [],
          tradesLost: database ? 3 : null,
          closedSince: database ? ['OPUSDT short, Main'] : [],
          head: database
            ? null
            : '{\n  "version": 2,\n  "experiences": [\n    { "id": "e-000001", "symbol": "ETHUSDT" },',
          problem: null,
        });
      }
      case 'backups.forecast': {
        const rows = state.objects.backups.backups;
        return ok({
          fates: Object.fromEntries(rows.map(({ id, fate }) => [id, fate])),
          goesAt: {},
        });
      }
      case 'backups.verifyAll':
        return ok({ backups: state.objects.backups.backups });
      case 'backups.verify':
        return alter(input.id, { verified: true, verifiedAt: now() });
      case 'backups.pin':
      case 'backups.unpin':
        return alter(input.id, { pinned: command === 'backups.pin' });
      case 'backups.delete':
        setBackups({ backups: state.objects.backups.backups.filter(({ id }) => id !== input.id) });
        return ok({ id: input.id });
      case 'backups.export':
        return ok({ path: '/home/op/holdfast/exports/state.backup' });
      case 'backups.restore':
        await steps('Restoring', [
          'Stopping the loop',
          'Checking the backup',
          'Keeping the state of now',
          'Putting it in place',
          'Comparing with the exchange',
        ]);
        setBackups({
          undo: { restoredId: input.id, restoredAt: now() },
          paused: {
            since: now(),
            closedSince: ['OPUSDT short, Main'],
            why: 'A backup was restored. Look at what the exchange says differently, then resume.',
          },
        });
        judge();
        return ok({
          id: input.id,
          counts: {},
          text: 'Restored: 58 monitors, 39 open trades. Holdfast is paused; every account is in watch.',
        });
      case 'backups.undo':
        setBackups({ undo: null });
        return ok({ text: 'The restore is undone.' });
      case 'backups.cancel':
        return ok({ cancelled: false });
      case 'desk.resume':
        setBackups({ paused: null });
        judge();
        return ok({ resumed: true });
      default:
        return refuse('NOT_READY', `This desk does not do ${command} yet.`);
    }
  };

  const wholes = (): Push[] => [
    ...(Object.keys(state.lists) as (keyof ListSlices)[]).map(
      (slice) =>
        ({ slice, epoch, version: versions.get(slice) ?? 0, whole: state.lists[slice] }) as Push,
    ),
    ...objectSliceNames.map(
      (slice) =>
        ({ slice, epoch, version: versions.get(slice) ?? 0, value: state.objects[slice] }) as Push,
    ),
  ];
  return {
    state,
    call,
    subscribe(listener) {
      for (const push of wholes()) listener(push);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change,
    judge,
    skip: (slice) => void next(slice),
    set,
  };
}

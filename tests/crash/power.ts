import { atLeast, atMost, type Run } from '../support/report.ts';
import { seeded } from './backup-killing.ts';
import type { FileCall } from './disk/call-log.ts';
import { type Luck, ModelDisk } from './disk/model.ts';
import { operationNames } from './disk/operations.ts';
import { buildShim } from './disk/shim.ts';
import { Slot } from './disk/slot.ts';

/** Disks that are rebuilt, unless another number is asked for. */
export const usualKills = 2_400;

/**
 * The power fails after any call that changes a file. The disk then holds what was synced, and of the
 * rest as much as luck would have it. The program is started on each such disk and held against what it
 * had promised until then. The control is the same run with fsync suppressed: it must be found out.
 */
export const run: Run = async ({ kills, progress }) => {
  const figures = {
    points: 0,
    survived: 0,
    corrupt: 0,
    lostAcknowledged: 0,
    mixed: 0,
    controlFound: 0,
  };
  const shim = buildShim();
  if ('skipped' in shim) return { name: 'power', figures, aims: [], skipped: shim.skipped };
  progress('K1 a power cut loses nothing that was acknowledged');
  const random = seeded(20_251_123);
  for (const name of operationNames) {
    const slot = await Slot.prepare(shim.path, name);
    const calls = await slot.record();
    const disks = Math.max(1, Math.floor(kills / operationNames.length));
    for (let n = 0; n < disks; n++) {
      const after = 1 + Math.floor(((n + random()) * calls.length) / disks);
      const verdict = await failPower(slot, calls.slice(0, after), lucks(random)[n % 6] as Luck);
      figures.points++;
      figures.corrupt += verdict.corrupt.length;
      figures.lostAcknowledged += verdict.lost.length;
      figures.mixed += verdict.mixed.length;
      const wrong = [...verdict.corrupt, ...verdict.lost, ...verdict.mixed];
      if (wrong.length === 0) figures.survived++;
      else progress(`${name}, after call ${after}, luck ${n % 6}: ${wrong.join('; ')}`);
    }
    slot.remove();
    progress(`${name}: ${disks} disks after ${calls.length} calls`);
  }
  const control = await Slot.prepare(shim.path, 'saves');
  const unsynced = await control.record({ noSync: true });
  const [nothing] = lucks(random);
  const found = await failPower(control, unsynced, nothing as Luck);
  control.remove();
  figures.controlFound = found.lost.length + found.corrupt.length;
  const aims = (['corrupt', 'lostAcknowledged', 'mixed'] as const).map((figure) =>
    atMost(figures, figure, 0),
  );
  return { name: 'power', figures, aims: [...aims, atLeast(figures, 'controlFound', 1)] };
};

/** From nothing to everything that was not synced, and what lies between. */
const lucks = (random: () => number): Luck[] => {
  const some: Luck = (pending) => ({
    kept: Math.floor(random() * (pending + 1)),
    torn: random() < 0.5,
  });
  return [
    () => ({ kept: 0, torn: false }),
    (pending) => ({ kept: pending, torn: false }),
    (pending, of) => ({ kept: of === 'names' ? pending : 0, torn: false }),
    (pending, of) => ({ kept: of === 'data' ? pending : 0, torn: false }),
    some,
    some,
  ];
};

async function failPower(slot: Slot, calls: readonly FileCall[], luck: Luck) {
  const disk = new ModelDisk(slot.root, slot.template);
  for (const call of calls) disk.apply(call);
  slot.hold(disk, luck);
  const said = calls
    .filter(({ kind }) => kind === 'said')
    .flatMap(({ data }) => data.toString().split('\n').filter(Boolean));
  return slot.inspect(said);
}

import { atLeast, atMost, type Run } from '../support/report.ts';
import { seeded } from './backup-killing.ts';
import { Companies, wrongIn } from './disk/company.ts';
import { operationNames } from './disk/operations.ts';
import { type Cut, KINDS_OF_LUCK } from './disk/points.ts';
import { buildShim } from './disk/shim.ts';

/** Disks that are rebuilt, unless another number is asked for. */
export const usualKills = 2_400;

/**
 * The power fails after any call that changes a file. The disk then holds what was synced, and of the
 * rest as much as luck would have it. The program is started on each such disk and held against what it
 * had promised until then. The control is a run of which nothing was synced: it must be found out.
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
  const disks = Math.max(1, Math.floor(kills / operationNames.length));
  const cuts = operationNames.flatMap((name) =>
    Array.from(
      { length: disks },
      (_, n): Cut => ({
        name,
        at: (n + random()) / disks,
        luck: n % KINDS_OF_LUCK,
        seed: Math.floor(random() * 2 ** 32),
      }),
    ),
  );
  const companies = await Companies.start(shim.path);
  try {
    await companies.share(cuts, async (company, cut) => {
      const verdict = await company.failPower(cut);
      figures.points++;
      figures.corrupt += verdict.corrupt.length;
      figures.lostAcknowledged += verdict.lost.length;
      figures.mixed += verdict.mixed.length;
      const wrong = wrongIn(verdict);
      if (wrong.length === 0) figures.survived++;
      else progress(`${cut.name}, ${cut.at.toFixed(4)} in, luck ${cut.luck}: ${wrong.join('; ')}`);
      if (figures.points % 100 === 0) progress(`${figures.points} of ${cuts.length}`);
    });
    const control: Cut = { name: 'saves', at: 1, luck: 0, seed: 0, unsynced: true };
    await companies.share([control], async (company, cut) => {
      const { lost, corrupt } = await company.failPower(cut);
      figures.controlFound = lost.length + corrupt.length;
    });
    const aims = (['corrupt', 'lostAcknowledged', 'mixed'] as const).map((figure) =>
      atMost(figures, figure, 0),
    );
    return { name: 'power', figures, aims: [...aims, atLeast(figures, 'controlFound', 1)] };
  } finally {
    await companies.close();
  }
};

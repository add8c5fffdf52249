import type { Asking } from '../../src-renderer/state/asking.ts';
import type { FixtureState } from '../renderer/fixture-state.ts';

/** A question of that kind about something the fixture has. */
export function questionOf(what: Asking['what'], { lists, objects }: FixtureState): Asking {
  const { sources, backups } = objects.backups;
  const [source] = sources;
  const [backup] = backups;
  if (!source || !backup) throw new Error('The fixture has no backup to ask about.');
  switch (what) {
    case 'approve':
    case 'dismiss':
      return { what, proposals: lists.approvals.map(({ id }) => id) };
    case 'mode':
      return { what, account: 'main' };
    case 'restore':
      return { what, backup, source };
    case 'delete':
    case 'export':
      return { what, backup };
    case 'unprotect':
    case 'create':
      return { what, source: sources.at(-1) ?? source };
    default:
      return { what };
  }
}

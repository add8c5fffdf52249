import { Failure } from '../../domain/failure.ts';

/**
 * A database of an earlier schema as the vault sees it, to be copied before it is migrated: nothing
 * waits to be written and nothing may replace it yet.
 */
export const oldDatabase = (path: string) => ({
  path,
  flush(): void {},
  refuseWrites(): void {},
  allowWrites(): void {},
  epoch: () => null,
  async replaceFrom(): Promise<void> {
    throw new Failure(
      'NOT_READY',
      'The database is about to be upgraded. Restore after the start.',
    );
  },
});

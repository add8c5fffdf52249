import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { KeptBans } from '../../exchange/rest/bans.ts';
import { syncFile } from '../../persistence/file/folder.ts';

const KNOWN_BANS = z.record(z.string(), z.number().positive());

/** Keeps the venues' bans in `ban.json` of the data folder, so that a restart does not forget them. */
export function banFile(dataDir: string, log: Log): KeptBans {
  const path = join(dataDir, 'ban.json');
  return {
    load() {
      try {
        return KNOWN_BANS.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ENOENT') {
          log.warn('The record of earlier bans could not be read and is ignored.');
        }
        return {};
      }
    },
    save(bans) {
      try {
        writeFileSync(`${path}.new`, JSON.stringify(bans), { mode: 0o600 });
        syncFile(`${path}.new`);
        renameSync(`${path}.new`, path);
        syncFile(dirname(path));
      } catch (error) {
        log.error(
          `The exchange’s ban is being observed, but a restart would forget it: ${sentenceOf(error)}`,
        );
      }
    },
  };
}

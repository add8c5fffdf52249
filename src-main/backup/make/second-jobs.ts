import type { Manifest } from '../files/manifest.ts';
import type { Policy } from '../policy/retention.ts';

/** What the thread of the second folder does. */
export interface SecondJobs {
  /** Sees whether a folder can be one, and marks it as chosen. */
  choose: {
    /** `from` is the vault's folder. */
    input: { folder: string; from: string };
    /** Whether it lies on the vault's own disk. */
    output: { sameDisk: boolean };
  };
  /** Copies what the second folder does not have yet, then deletes there what the policy lets go. */
  carry: {
    input: {
      folder: string;
      installId: string;
      /** The vault's folder. */
      from: string;
      /** Of the good backups there. */
      manifests: Manifest[];
      policy: Policy;
      now: number;
      held: { ids: string[]; sources: string[] };
    };
    /** When the newest good backup of the database there was made. */
    output: { newestAt: number | null; sameDisk: boolean };
  };
}

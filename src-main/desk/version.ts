import manifest from '../../package.json' with { type: 'json' };

/** The program's own version, as shown and as kept with every backup. */
export const programVersion: string = manifest.version;

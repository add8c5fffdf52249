import { createInterface } from 'node:readline/promises';
import manifest from '../../package.json' with { type: 'json' };

/** Where a command writes and asks; a terminal unless a test gives another. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** Asks on the terminal; `null` where there is none. */
  ask: ((question: string) => Promise<string>) | null;
  programVersion: string;
}

export const terminal = (): CommandIo => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  ask: process.stdin.isTTY
    ? async (question) => {
        const lines = createInterface({ input: process.stdin, output: process.stderr });
        try {
          return await lines.question(question);
        } finally {
          lines.close();
        }
      }
    : null,
  programVersion: manifest.version,
});

import type { Log } from '../domain/log.ts';
import { redact } from '../domain/redact.ts';

/**
 * A log of one line per event on standard error: time, level, text, facts as JSON. Secrets are taken
 * out of every line. Standard output is left to the program's answer.
 */
export function stderrLog(
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const line = (level: string, text: string, facts?: Record<string, unknown>): void => {
    const tail = facts && Object.keys(facts).length > 0 ? ` ${JSON.stringify(redact(facts))}` : '';
    write(`${new Date().toISOString()} ${level} ${redact(text)}${tail}\n`);
  };
  return {
    info: (text, facts) => line('info ', text, facts),
    warn: (text, facts) => line('warn ', text, facts),
    error: (text, facts) => line('error', text, facts),
  };
}

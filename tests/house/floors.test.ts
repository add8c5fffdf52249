import { describe, expect, test } from 'vitest';
import { circles, sources } from './sources.ts';

/**
 * The floors of the house, from the ground up; what stands on one line shares a floor. A file may
 * import its own place and those of lower floors. A place is a folder, or a file by its name.
 */
const floors: Record<string, string[]> = {
  'src-main': [
    'domain',
    'exchange persistence page',
    'cache trades backup alerts',
    'monitor',
    'desk',
    'calls',
    'command-line desktop web',
    'main.ts serve.ts cli.ts',
  ],
  'src-main/exchange': [
    'account-book.ts timings.ts',
    'gateway.ts',
    'bybit limiter',
    'rest',
    'stream',
    'account',
    'create-gateway.ts create-market.ts',
  ],
  'src-main/persistence': [
    'reasons.ts records.ts',
    'store.ts',
    'file',
    'rows',
    'write upkeep',
    'open.ts',
  ],
  'src-main/backup': [
    'policy disk.ts',
    'objects',
    'files',
    'options.ts',
    'worker troubles.ts',
    'make',
    'restore preview.ts tending.ts verifying.ts',
    'vault.ts',
  ],
  'src-main/monitor': ['goals', 'rules', 'watch propose', 'act tell', 'loop'],
  'src-main/desk': [
    'accounts tasks.ts version.ts stderr-log.ts unforeseen.ts desk.ts',
    'away.ts health.ts preferences.ts proposals.ts',
    'parts.ts',
    'slices',
    'state',
    'commands',
    'create-desk.ts',
  ],
  'src-main/practice': [
    'random.ts refusal.ts time.ts',
    'prices',
    'engine',
    'rows',
    'scenario traffic',
    'world.ts',
    'rest control state-file.ts',
    'wire',
    'open.ts',
    'server.ts',
    'command.ts',
  ],
  'src-main/practice/engine': ['state', 'money', 'orders', 'account'],
  'src-preload': ['contract', 'index.ts'],
  'src-preload/contract': ['words.ts playbook.ts', '*', 'slices.ts', 'commands', 'link.ts'],
  'src-renderer': [
    'client',
    'state',
    'theme',
    'parts',
    'views',
    'frame',
    'app.tsx',
    'page.tsx',
    'main.tsx',
  ],
};

/** What stands apart, with who may know of it. */
const apart: Record<string, (from: string) => boolean> = {
  // The desk starts the embedded exchange, the command line runs it alone; nothing else knows of it.
  'src-main/practice': (from) => /^src-main\/(desk\/|cli\.ts$)/.test(from),
};

/** The room a file stands in that stands apart from `room`; none when `room` is that room or inside it. */
const apartFrom = (room: string, file: string): string | undefined =>
  Object.keys(apart).find((one) => file.startsWith(`${one}/`) && !`${room}/`.startsWith(`${one}/`));

/** The place in `room` that a file belongs to, and its floor; `*` stands for every other file. */
function floorOf(room: string, file: string): { place: string; floor: number } | null {
  if (!file.startsWith(`${room}/`)) return null;
  const [place = ''] = file.slice(room.length + 1).split('/');
  const lists = (floors[room] ?? []).map((line) => line.split(' '));
  const named = lists.findIndex((line) => line.includes(place));
  return { place, floor: named >= 0 ? named : lists.findIndex((line) => line.includes('*')) };
}

describe('floors of the house', () => {
  test.each(Object.keys(floors))('every place in %s has its floor', (room) => {
    const lost = sources.flatMap(({ path }) => {
      if (apartFrom(room, path)) return [];
      const found = floorOf(room, path);
      return found && found.floor < 0 ? [path] : [];
    });
    expect(lost).toEqual([]);
  });

  test.each(Object.keys(floors))('imports climb no stairs in %s', (room) => {
    const climbs = sources.flatMap(({ path, imports }) => {
      const from = floorOf(room, path);
      if (!from) return [];
      return imports.flatMap((name) => {
        const rest = apartFrom(room, name);
        if (rest)
          return path.startsWith(`${rest}/`) || apart[rest]?.(path) ? [] : [`${path} -> ${name}`];
        if (apartFrom(room, path)) return [];
        const to = floorOf(room, name);
        const ok =
          !to || to.place === from.place || to.floor < from.floor || to.place.endsWith('.json');
        return ok ? [] : [`${path} -> ${name}`];
      });
    });
    expect(climbs).toEqual([]);
  });

  test('no file imports itself by a detour, types included', () => {
    expect(circles(sources)).toEqual([]);
    const round = (path: string, name: string) => ({ path, text: '', imports: [name] });
    expect(circles([round('a', 'b'), round('b', 'c'), round('c', 'a'), round('d', 'a')])).toEqual([
      ['a', 'b', 'c'],
    ]);
  });

  test.each([
    ['goals', /^src-main\/(domain|monitor\/goals)\//],
    ['rules', /^src-main\/(domain|monitor\/(goals|rules))\//],
  ])(
    'deciding knows values only: %s import nothing but the domain and what only decides',
    (room, may) => {
      const found = sources
        .filter(({ path }) => path.startsWith(`src-main/monitor/${room}/`))
        .flatMap(({ path, imports }) =>
          imports.filter((name) => !may.test(name)).map((name) => `${path} -> ${name}`),
        );
      expect(found).toEqual([]);
    },
  );
});

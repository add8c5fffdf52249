import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, root, runScript, say } from './say.mjs';

const page = 'docs/promises.md';
/** How many promises there are of each letter. */
const counts = { P: 65, E: 17, X: 11, M: 16, D: 17, H: 9, U: 20, F: 14, K: 10 };
const known = Object.entries(counts).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, at) =>
    letter === 'P' ? `P${String(at + 1).padStart(2, '0')}` : `${letter}${at + 1}`,
  ),
);
/** The ids a string begins with, as in "P19 P58 a failed read is unknown". */
const ids = /(?<=['"`])(?:[A-Z]\d{1,2}[ ,:]+)+(?=\S)/g;
const promise = /^- \*\*([A-Z]\d+)\*\* \S/;
const under = /^ {2}- (kept by .+|not kept yet)$/;

/** The test files that keep each promise, by the ids their titles begin with. */
function keepers() {
  const found = new Map();
  const files = readdirSync(join(root, 'tests'), { recursive: true })
    .map((path) => join('tests', path).replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('/node_modules/'))
    .sort();
  for (const file of files) {
    for (const [title] of readFileSync(join(root, file), 'utf8').matchAll(ids)) {
      for (const id of title.match(/[A-Z]\d+/g)) {
        if (id.startsWith('P') && file.startsWith('tests/practice/')) continue;
        found.set(id, (found.get(id) ?? new Set()).add(file));
      }
    }
  }
  return found;
}

const keptBy = (tests) =>
  tests ? `kept by ${[...tests].map((file) => `\`${file}\``).join(', ')}` : 'not kept yet';

/** The page as the tests have it: every sentence stays, the line under it is written anew. */
const written = (text, keeping) =>
  text
    .split('\n')
    .filter((line) => !under.test(line))
    .flatMap((line) => {
      const [, id] = promise.exec(line) ?? [];
      return id ? [line, `  - ${keptBy(keeping.get(id))}`] : [line];
    })
    .join('\n');

/** What is wrong with the page, one sentence each; nothing when it is up to date. */
function troubles(text, keeping) {
  const lines = text.split('\n');
  const listed = lines.flatMap((line, at) => {
    const [, id] = promise.exec(line) ?? [];
    return id ? [{ id, told: under.exec(lines[at + 1] ?? '')?.[1] }] : [];
  });
  return [
    ...known.flatMap((id) => {
      const times = listed.filter((one) => one.id === id).length;
      return times === 1 ? [] : [`${page}: ${id} has ${times} lines; write one.`];
    }),
    ...[...keeping].flatMap(([id, [file]]) =>
      known.includes(id) ? [] : [`${file}: a title begins with ${id}; no promise has this id.`],
    ),
    ...listed.flatMap(({ id, told }) => {
      const now = keptBy(keeping.get(id));
      return told === now ? [] : [`${page}: ${id} is ${now} now; run npm run promises.`];
    }),
  ];
}

await runScript((args) => {
  const path = join(root, page);
  const keeping = keepers();
  const text = readFileSync(path, 'utf8');
  if (args[0] === '--check') {
    const wrong = troubles(text, keeping);
    process.stdout.write(wrong.map((line) => `${line}\n`).join(''));
    return wrong.length > 0 ? 1 : 0;
  }
  if (args.length > 0)
    throw new Refusal('npm run promises takes no arguments, only --check after "--".', 2);
  writeFileSync(path, written(text, keeping));
  const kept = known.filter((id) => keeping.has(id)).length;
  say(`${page} is up to date: ${kept} of ${known.length} promises are kept.`);
  return 0;
});

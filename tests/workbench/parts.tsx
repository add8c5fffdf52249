import type { ReactNode } from 'react';

/** The states of one part, by name. */
export type Scenes = Record<string, () => ReactNode>;

const files = import.meta.glob<{ scenes: Scenes }>('./parts/*.tsx', { eager: true });

/** Every part that has a file in `parts/`, by the file's name. */
export const partScenes: ReadonlyMap<string, Scenes> = new Map(
  Object.entries(files).map(([path, { scenes }]) => [
    path.replace(/^.*\/(.*)\.tsx$/, '$1'),
    scenes,
  ]),
);

/** One part in one of its states, or in all of them one under the other. */
export function PartScene({ part, state }: { part: string; state: string | null }) {
  const scenes = Object.entries(partScenes.get(part) ?? {});
  const shown = state === null ? scenes : scenes.filter(([name]) => name === state);
  if (shown.length === 0) return <p role="alert">There is no such part or state.</p>;
  return (
    <main style={{ padding: 24, display: 'grid', gap: 24, justifyItems: 'start' }}>
      <h1>{part}</h1>
      {shown.map(([name, Scene]) => (
        <section key={name} aria-label={name} data-state={name}>
          <h2>{name}</h2>
          <Scene />
        </section>
      ))}
    </main>
  );
}

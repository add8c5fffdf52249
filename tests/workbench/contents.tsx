import { views } from '../../src-renderer/views/registry.ts';
import { deskStates, dialogs } from './catalogue.ts';
import type { Scenes } from './parts.tsx';

const themes = ['dark', 'light'];

/** A line of the contents: a name, and an address for each theme. */
const Line = ({ query, name, about }: { query: string; name: string; about?: string }) => (
  <li>
    {name}
    {themes.map((theme) => (
      <span key={theme}>
        {' '}
        <a href={`?${query}&theme=${theme}`} aria-label={`${name}, ${theme}`}>
          {theme}
        </a>
      </span>
    ))}
    {about && ` – ${about}`}
  </li>
);

/** Everything there is to look at. */
export const Contents = ({ parts }: { parts: ReadonlyMap<string, Scenes> }) => (
  <main style={{ padding: 24, overflow: 'auto', height: '100vh', boxSizing: 'border-box' }}>
    <h1>Workbench</h1>
    {views.map(({ id, title }) => (
      <section key={id}>
        <h2>{title}</h2>
        <ul>
          {Object.entries(deskStates).map(([state, about]) => (
            <Line key={state} query={`view=${id}&state=${state}`} name={state} about={about} />
          ))}
        </ul>
      </section>
    ))}
    <h2>Dialogs</h2>
    <ul>
      {Object.keys(dialogs).map((dialog) => (
        <Line key={dialog} query={`dialog=${dialog}`} name={dialog} />
      ))}
    </ul>
    {[...parts].map(([part, scenes]) => (
      <section key={part}>
        <h2>{part}</h2>
        <ul>
          <Line query={`part=${part}`} name="all states" />
          {Object.keys(scenes).map((state) => (
            <Line key={state} query={`part=${part}&state=${state}`} name={state} />
          ))}
        </ul>
      </section>
    ))}
  </main>
);

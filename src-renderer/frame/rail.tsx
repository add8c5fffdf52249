import { useState } from 'react';
import type { PreferencesState } from '../../src-preload/contract/preferences.ts';
import logo from '../icon.svg';
import { classes } from '../parts/classes.ts';
import { Menu } from '../parts/controls/menu.tsx';
import { RailButton } from '../parts/controls/rail-button.tsx';
import { rowsOf } from '../state/slices.ts';
import { useActions, useDesk, usePreferences } from '../state/use-desk.tsx';
import { type View, views } from '../views/registry.ts';
import css from './rail.module.css';
import { useView } from './use-view.ts';
import { words } from './words.ts';

export function Rail() {
  const { wideRail } = usePreferences();
  const { show, prefer } = useActions();
  const shown = useView();
  return (
    <nav className={classes(css.rail, wideRail && css.wide)} aria-label={words.views}>
      <img className={css.logo} src={logo} alt="Holdfast" />
      {views.map((view) => (
        <ViewButton
          key={view.id}
          view={view}
          wide={wideRail}
          shown={shown.id === view.id}
          onClick={() => show(view.id)}
        />
      ))}
      <span className={css.grow} />
      <Appearance wide={wideRail} />
      <RailButton
        icon="widen"
        title={wideRail ? words.narrowRail : words.widenRail}
        wide={wideRail}
        aria-expanded={wideRail}
        onClick={() => prefer({ wideRail: !wideRail })}
      />
    </nav>
  );
}

/** The way to a view, with what waits there. */
function ViewButton({
  view,
  wide,
  shown,
  onClick,
}: {
  view: View;
  wide: boolean;
  shown: boolean;
  onClick: () => void;
}) {
  const { title, icon, key, waiting } = view;
  const count = useDesk(({ slices }) => (waiting ? (rowsOf(slices, waiting.slice)?.size ?? 0) : 0));
  return (
    <RailButton
      icon={icon}
      title={title}
      keys={key}
      wide={wide}
      waiting={waiting && count > 0 ? { count, text: waiting.text(count) } : null}
      aria-current={shown ? 'page' : undefined}
      onClick={onClick}
    />
  );
}

/** How the screens look: theme and height of rows. */
function Appearance({ wide }: { wide: boolean }) {
  const { theme, density } = usePreferences();
  const { prefer } = useActions();
  const [at, setAt] = useState<Element | null>(null);
  return (
    <>
      <RailButton
        icon="theme"
        title={words.appearance}
        wide={wide}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onClick={(event) => setAt(event.currentTarget)}
      />
      {at && (
        <Menu
          name={words.appearance}
          at={at}
          entries={[
            {
              label: words.theme,
              value: theme,
              options: words.themes,
              onPick: (value) => prefer({ theme: value as PreferencesState['theme'] }),
            },
            { line: true },
            {
              label: words.rows,
              value: density,
              options: words.densities,
              onPick: (value) => prefer({ density: value as PreferencesState['density'] }),
            },
          ]}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}

import logo from '../icon.svg';
import { Icon } from '../parts/icon.tsx';
import { useActions, usePreferences } from '../state/use-desk.tsx';
import { views } from '../views/registry.ts';
import { useView } from './use-view.ts';

const nextTheme = { system: 'dark', dark: 'light', light: 'system' } as const;

export function Rail() {
  const { wideRail, theme } = usePreferences();
  const { show, prefer } = useActions();
  const shown = useView();
  return (
    <nav className={wideRail ? 'rail wide' : 'rail'} aria-label="Views">
      <img className="logo" src={logo} alt="Holdfast" />
      {views.map(({ id, title, icon, key }) => (
        <button
          key={id}
          type="button"
          aria-label={title}
          aria-current={shown.id === id ? 'page' : undefined}
          aria-keyshortcuts={key}
          title={`${title} (${key})`}
          onClick={() => show(id)}
        >
          <Icon name={icon} />
          <span className="label">{title}</span>
          <span className="kbd">{key}</span>
        </button>
      ))}
      <span className="grow" />
      <button
        type="button"
        aria-label={`Theme: ${theme}`}
        title={`Theme: ${theme}. Press for ${nextTheme[theme]}.`}
        onClick={() => prefer({ theme: nextTheme[theme] })}
      >
        <Icon name="theme" />
        <span className="label">Theme: {theme}</span>
      </button>
      <button
        type="button"
        aria-label={wideRail ? 'Narrow the rail' : 'Widen the rail'}
        aria-expanded={wideRail}
        title={wideRail ? 'Narrow' : 'Widen'}
        onClick={() => prefer({ wideRail: !wideRail })}
      >
        <Icon name="widen" />
        <span className="label">Narrow</span>
      </button>
    </nav>
  );
}

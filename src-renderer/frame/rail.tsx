import logo from '../icon.svg';
import { Icon } from '../parts/icon.tsx';
import { preferences, usePreferences, type ViewName } from '../state/preferences.ts';

export const views: readonly { name: ViewName; title: string }[] = [
  { name: 'positions', title: 'Positions' },
  { name: 'cache', title: 'Cache' },
  { name: 'backups', title: 'Backups' },
];

const nextTheme = { system: 'dark', dark: 'light', light: 'system' } as const;

export function Rail() {
  const { view, wideRail, theme } = usePreferences();
  return (
    <nav className={wideRail ? 'rail wide' : 'rail'} aria-label="Views">
      <img className="logo" src={logo} alt="Holdfast" />
      {views.map(({ name, title }, index) => (
        <button
          key={name}
          type="button"
          aria-label={title}
          aria-current={view === name ? 'page' : undefined}
          aria-keyshortcuts={String(index + 1)}
          title={`${title} (${index + 1})`}
          onClick={() => preferences().set({ view: name })}
        >
          <Icon name={name} />
          <span className="label">{title}</span>
          <span className="kbd">{index + 1}</span>
        </button>
      ))}
      <span className="grow" />
      <button
        type="button"
        aria-label={`Theme: ${theme}`}
        title={`Theme: ${theme}. Press for ${nextTheme[theme]}.`}
        onClick={() => preferences().set({ theme: nextTheme[theme] })}
      >
        <Icon name="theme" />
        <span className="label">Theme: {theme}</span>
      </button>
      <button
        type="button"
        aria-label={wideRail ? 'Narrow the rail' : 'Widen the rail'}
        aria-expanded={wideRail}
        title={wideRail ? 'Narrow' : 'Widen'}
        onClick={() => preferences().set({ wideRail: !wideRail })}
      >
        <Icon name="widen" />
        <span className="label">Narrow</span>
      </button>
    </nav>
  );
}

import type { PreferencesState } from '../../src-preload/contract/preferences.ts';

/** Puts the chosen theme and density on the page now and whenever the choice or the system changes. */
export function followTheme(
  page: Window,
  preferences: { read(): PreferencesState; subscribe(listener: () => void): unknown },
): void {
  const systemIsLight = page.matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    const { theme, density } = preferences.read();
    const chosen = theme === 'system' ? (systemIsLight.matches ? 'light' : 'dark') : theme;
    page.document.documentElement.dataset.theme = chosen;
    page.document.documentElement.dataset.density = density;
  };
  apply();
  systemIsLight.addEventListener('change', apply);
  preferences.subscribe(apply);
}

import css from './icon.module.css';

const paths = {
  positions: 'M4 18V9M10 18V5M16 18v-7M21 18H3',
  approvals:
    'M6 4h12a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 18 20H6a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 6 4zM8.5 12.3l2.4 2.4 4.6-5',
  cache:
    'M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3v12c0 1.7 3.1 3 7 3s7-1.3 7-3V6M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3',
  backups: 'M3 12a9 9 0 1 0 3-6.7M3 4v5h5M12 8v4l3 2',
  widen: 'M4 5h16v14H4zM10 5v14M13 12h4M15 10l2 2-2 2',
  theme: 'M12 3a9 9 0 1 0 9 9c-4 2-11-3-9-9z',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
  <svg className={css.icon} viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

import { classes } from '../classes.ts';
import css from './meter.module.css';

/** How much of something is used, or how far something has come. */
export function Meter({
  name,
  kind = 'meter',
  done,
  total,
  look = false,
}: {
  name: string;
  kind?: 'meter' | 'progressbar';
  done: number;
  total: number;
  /** In amber: it asks to be looked at. */
  look?: boolean;
}) {
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  return (
    <div
      className={classes(css.meter, look && css.amber)}
      role={kind}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share)}
    >
      <i style={{ width: `${share}%` }} />
    </div>
  );
}

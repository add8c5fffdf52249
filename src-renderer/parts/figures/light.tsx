import { classes } from '../classes.ts';
import css from './light.module.css';

export type LightTone = 'off' | 'ok' | 'wait' | 'fail';

/** A dot that says how something stands; the word beside it says the same. */
export const Light = ({ tone }: { tone: LightTone }) => (
  <i className={classes(css.light, tone !== 'off' && css[tone])} aria-hidden="true" />
);

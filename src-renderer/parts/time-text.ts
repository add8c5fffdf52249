import { DASH, THIN } from './number-text.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long, in the one unit that matters: `0 s`, `12 s`, `4 min`, `3 h`, `2 d`. */
export function span(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < MINUTE) return `${Math.floor(positive / SECOND)}${THIN}s`;
  if (positive < HOUR) return `${Math.floor(positive / MINUTE)}${THIN}min`;
  if (positive < DAY) return `${Math.floor(positive / HOUR)}${THIN}h`;
  return `${Math.floor(positive / DAY)}${THIN}d`;
}

/** How long, to the second or the minute: `19 min 12 s`, `3 h 04 min`, `2 d 5 h`. */
export function exactSpan(ms: number): string {
  const positive = Math.max(0, ms);
  const part = (unit: number, of: number) => Math.floor((positive % of) / unit);
  if (positive < MINUTE) return span(positive);
  if (positive < HOUR) return `${span(positive)} ${part(SECOND, MINUTE)}${THIN}s`;
  if (positive < DAY) return `${span(positive)} ${part(MINUTE, HOUR)}${THIN}min`;
  return `${span(positive)} ${part(HOUR, DAY)}${THIN}h`;
}

/** Age of a fact at `now`; a dash when it was never known. */
export const age = (at: number | null, now: number): string =>
  at === null ? DASH : span(now - at);

export const ago = (at: number | null, now: number): string =>
  at === null ? 'never' : now - at < SECOND ? 'just now' : `${span(now - at)} ago`;

/** `14:05:09` in the operator's own time; `14:05:09.123` when `ms`. */
export function clock(at: number, ms = false): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return ms ? `${text}.${String(date.getMilliseconds()).padStart(3, '0')}` : text;
}

export const clockMinute = (at: number): string => clock(at).slice(0, 5);

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
const dayName = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** The day as one would say it at `now`: empty for today, `Yesterday`, `Sun 16`, `3 May 2026`. */
export function day(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days === 0) return '';
  if (days === 1) return 'Yesterday';
  return days > 1 && days < 7 ? dayName.format(at) : dayAndMonth.format(at);
}

/** `14:05` today, else `Yesterday 14:05`, `Sun 16, 14:05`. */
export const dayAndClock = (at: number, now: number): string =>
  [day(at, now), clockMinute(at)].filter(Boolean).join(', ');

import type { Author, Goal, Want } from '../../domain/goal.ts';

export type { Author, Goal, Want, WantedEntry, WantedRung } from '../../domain/goal.ts';

export type WantOf<K extends Want['kind']> = Extract<Want, { kind: K }>;

export type GoalOf<K extends Want['kind']> = Goal<WantOf<K>>;

const ranks: Readonly<Record<Author, number>> = { operator: 3, guard: 2, rule: 1, adopted: 0 };

export const outranks = (a: Author, b: Author): boolean => ranks[a] > ranks[b];

/** The strongest author first; equals keep their order. */
export const byAuthor = (a: Goal, b: Goal): number => ranks[b.author] - ranks[a.author];

/** By author, then the newest first. */
export const byPrecedence = (a: Goal, b: Goal): number => byAuthor(a, b) || b.since - a.since;

export const goalsOf = <K extends Want['kind']>(goals: readonly Goal[], kind: K): GoalOf<K>[] =>
  goals.filter((goal): goal is GoalOf<K> => goal.want.kind === kind);

const authors: Readonly<Record<Author, string>> = {
  operator: 'what the operator set',
  guard: 'a guard',
  rule: 'a rule',
  adopted: 'what was found',
};

/** "what the operator set: keep the stop wide", to say what a goal stands behind. */
export const nameOf = ({ author, reason }: Goal): string => `${authors[author]}: ${reason}`;

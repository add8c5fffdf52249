/** What the practice exchange can start with; the first is the default. */
export const scenarioNames = [
  'desk',
  'quiet',
  'crash',
  'building',
  'mirror-drift',
  'hedge',
  'crowd',
  'empty',
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

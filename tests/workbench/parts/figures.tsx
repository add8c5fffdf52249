import { Age } from '../../../src-renderer/parts/figures/age.tsx';
import type { Scenes } from '../parts.tsx';

export const scenes: Scenes = {
  known: () => <Age at={new Date(2026, 10, 20, 11, 58).getTime()} />,
  unknown: () => <Age at={null} />,
};

export type {
  GuardSettings,
  Playbook,
  TrailingSettings,
} from '../../src-preload/contract/playbook.ts';

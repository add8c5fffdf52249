export type { Playbook, TrailingSettings } from '../../src-preload/contract/playbook.ts';

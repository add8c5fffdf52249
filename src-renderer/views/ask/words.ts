import type { Mode } from '../../../src-preload/contract/words.ts';
import { plural } from '../../parts/number-text.ts';

/** The sentences of the questions that belong to no view. */
export const words = {
  close: 'Close',

  keysTitle: 'Keyboard shortcuts',
  keys: [
    ['Ctrl K or ⌘ K', 'Search or run anything'],
    ['/', 'Filter by symbol'],
    ['↑ ↓ Home End Page ↑ Page ↓', 'Move through the rows of a table'],
    ['Enter', 'Open the row beside the table'],
    ['Shift F10 or menu key', 'What can be done with a row or a column'],
    ['Alt ← →', 'On a column name: move the column'],
    ['Shift ← →', 'On a column name: make it narrower or wider'],
    ['Escape', 'Close what is open'],
    ['Tab', 'Next control; every one can be reached'],
    ['?', 'This list'],
  ] as readonly (readonly [keys: string, what: string])[],

  modeTitle: (account: string): string => `Mode of ${account}`,
  mode: 'Mode',
  setTo: (mode: Mode): string => `Set to ${mode}`,
  modeSet: (account: string, mode: Mode, saved: boolean): string =>
    saved
      ? `${account} is now in ${mode}.`
      : `${account} is now in ${mode}: in force, not saved yet. Free some disk space.`,
  readOnly:
    'Its key is read-only: nothing can be sent, so it can only watch and say what it would do.',
  typeToArm: (account: string): string => `Type ${account} to arm it`,
  realMoney: 'It will act with real money.',

  panicTitle: 'Close all positions?',
  panicDone: 'Close all: the outcome',
  panicWhat: (positions: number, orders: number): string =>
    `${plural(positions, 'position')} will be closed at market and ${plural(orders, 'open order')} cancelled.`,
  panicLeftOut: (symbols: string): string =>
    `Left out, because what the exchange says of it is not understood: ${symbols}. Close it on Bybit.`,
  panicFinal: 'This cannot be undone. Afterwards the accounts only watch.',
  panicTable: 'What will be closed',
  panicColumns: { symbol: 'Position', account: 'Account', size: 'Size' },
  panicNothing: 'No position of these accounts will be closed.',
  panicType: (word: string): string => `Type ${word} to close them`,
  panicAction: (positions: number): string => `Close ${plural(positions, 'position')}`,
  panicBusy: 'Closing…',
  notDone: 'Not done.',
  left: (positions: number, orders: number): string =>
    `${plural(positions, 'position')}, ${plural(orders, 'order')} left`,

  resetTitle: 'Reset the practice exchange?',
  resetAction: 'Reset',
  resetText:
    'Its positions, orders and balances return to their beginning the next time Holdfast starts. Real accounts are not touched.',
};

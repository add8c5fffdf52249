import { describe, expect, test } from 'vitest';
import { sources } from './sources.ts';

const importersOf = (file: string): string[] =>
  sources.filter(({ imports }) => imports.includes(file)).map(({ path }) => path);
const saying = (words: RegExp): string[] =>
  sources.filter(({ text }) => words.test(text)).map(({ path }) => path);

describe('one truth, told once', () => {
  test('which of two tellings is newer is decided in the book of the account alone', () => {
    expect(importersOf('src-main/exchange/account/newer.ts')).toEqual([
      'src-main/exchange/account/book.ts',
      'src-main/exchange/account/table.ts',
      'src-main/exchange/account/wallet-book.ts',
    ]);
    expect(saying(/(LRUCache<string, |remembered<)(Order|Position|Execution)>/)).toEqual([
      'src-main/exchange/account/executions-book.ts',
    ]);
  });

  test('P03 the key of a position is made in one place on either side', () => {
    expect(
      saying(/\$\{[\w.]*account\}.?\$\{[\w.]*symbol\}.?\$\{[\w.]*positionIdx\}/).sort(),
    ).toEqual(['src-main/domain/keys.ts', 'src-preload/contract/slices.ts']);
  });

  test('whether all is protected is said in one place, and judged in one', () => {
    expect(saying(/positions are protected|only partly protected|old and not certain/)).toEqual([
      'src-main/monitor/rules/verdict.ts',
    ]);
    expect(importersOf('src-main/monitor/rules/verdict.ts').sort()).toEqual([
      'src-main/desk/slices/positions.ts',
      'src-main/desk/slices/seen.ts',
      'src-main/desk/slices/verdict.ts',
    ]);
    // A screen shows how much is covered; it does not compare it with anything.
    const comparing = sources
      .filter(({ path }) => /^src-(renderer|main\/(desktop|web|command-line))\//.test(path))
      .filter(({ text }) => /compareDecimals\([^)]*(protectedSize|liquidationPrice)/.test(text))
      .map(({ path }) => path);
    expect(comparing).toEqual([]);
  });
});

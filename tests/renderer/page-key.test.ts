import { afterEach, expect, test } from 'vitest';
import { pageKey } from '../../src-renderer/client/page-key.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** One tab: its address, its own storage, and the channel it shares with the tabs of its origin. */
function tab(hash: string, stored: Record<string, string> = {}) {
  const replaced: string[] = [];
  const channel = new BroadcastChannel('page-key-test');
  cleanUps.push(() => channel.close());
  const page = {
    location: { hash, pathname: '/' },
    sessionStorage: {
      getItem: (name: string) => stored[name] ?? null,
      setItem: (name: string, value: string) => void (stored[name] = value),
    },
    history: { replaceState: (_: unknown, __: string, url: string) => void replaced.push(url) },
  };
  return { key: pageKey(page as unknown as Window, channel), stored, replaced };
}

test('F7 the key leaves the address at once and outlives a reload of its tab', () => {
  const first = tab('#key=abc');
  expect(first.key.value()).toBe('abc');
  expect(first.replaced).toEqual(['/']);
  const reloaded = tab('', first.stored);
  expect(reloaded.key.value()).toBe('abc');
  expect(reloaded.replaced).toEqual([]);
  expect(tab('').key.value()).toBe('');
});

test('F7 a second tab, and one whose desk was started anew, get the key of a tab that is let in', async () => {
  const first = tab('#key=new');
  first.key.accepted();
  const old = tab('', { 'holdfast-key': 'old' });
  const second = tab('');
  old.key.refused();
  second.key.refused();
  await expect.poll(() => second.key.value()).toBe('new');
  await expect.poll(() => old.key.value()).toBe('new');
  expect(first.key.value()).toBe('new');
});

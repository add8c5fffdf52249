import { expect, test } from 'vitest';
import { createPublisher, type SliceReaders } from '../../../src-main/desk/slices/publish.ts';
import { objectSliceNames, type Push, sliceNames } from '../../../src-preload/contract/slices.ts';
import { manualClock } from '../../support/manual-clock.ts';

function setUp() {
  const values = Object.fromEntries(
    sliceNames.map((name) => [
      name,
      (objectSliceNames as readonly string[]).includes(name) ? {} : { rows: [] },
    ]),
  ) as Record<string, { rows: unknown[] }>;
  const readers = Object.fromEntries(
    sliceNames.map((name) => [name, () => values[name]]),
  ) as unknown as SliceReaders;
  const clock = manualClock();
  const publisher = createPublisher(readers, clock);
  const pushes: Push[] = [];
  return { values, clock, publisher, pushes };
}

const account = (id: string, equity: string) => ({ id, equity });

test('a new screen is sent every slice whole, then only rows that changed', () => {
  const { values, clock, publisher, pushes } = setUp();
  values['accounts'] = { rows: [account('main', '1'), account('mirror', '2')] };
  publisher.subscribe((push) => pushes.push(push));
  expect(pushes.map((push) => push.slice).sort()).toEqual([...sliceNames].sort());
  expect(pushes.find((push) => push.slice === 'accounts')).toMatchObject({
    whole: values['accounts'].rows,
  });

  pushes.length = 0;
  values['accounts'] = { rows: [account('main', '1'), account('mirror', '3')] };
  publisher.touch('accounts');
  expect(pushes).toEqual([]);
  clock.advance(250);
  expect(pushes).toMatchObject([{ changed: [account('mirror', '3')], removed: [] }]);

  values['accounts'] = { rows: [account('mirror', '3')] };
  publisher.touch('accounts');
  clock.advance(250);
  expect(pushes[1]).toMatchObject({ changed: [], removed: ['main'] });
});

test('however often a slice is touched, it is pushed at most four times a second', () => {
  const { values, clock, publisher, pushes } = setUp();
  publisher.subscribe((push) => pushes.push(push));
  pushes.length = 0;
  for (let at = 0; at < 1000; at += 10) {
    values['accounts'] = { rows: [account('main', String(at))] };
    publisher.touch('accounts');
    clock.advance(10);
  }
  expect(pushes.length).toBeLessThanOrEqual(4);
  expect(pushes.at(-1)).toMatchObject({ changed: [account('main', '990')] });
});

test('versions grow by one per push, so that a screen notices a gap; a later screen joins in step', () => {
  const { values, clock, publisher, pushes } = setUp();
  publisher.subscribe((push) => push.slice === 'accounts' && pushes.push(push));
  for (const equity of ['1', '2', '3']) {
    values['accounts'] = { rows: [account('main', equity)] };
    publisher.touch('accounts');
    clock.advance(250);
  }
  const versions = pushes.map((push) => push.version);
  expect(versions).toEqual(versions.map((_, at) => (versions[0] as number) + at));

  const late: Push[] = [];
  publisher.subscribe((push) => push.slice === 'accounts' && late.push(push));
  expect(late).toMatchObject([{ version: versions.at(-1), whole: [account('main', '3')] }]);
});

test('a new epoch sends everything whole again', () => {
  const { values, publisher, pushes } = setUp();
  publisher.subscribe((push) => pushes.push(push));
  const before = pushes[0]?.epoch;
  pushes.length = 0;
  values['accounts'] = { rows: [account('main', '9')] };
  publisher.newEpoch();
  const accounts = pushes.findLast((push) => push.slice === 'accounts');
  expect(accounts).toMatchObject({ whole: [account('main', '9')] });
  expect(accounts?.epoch).not.toBe(before);
});

test('a stopped screen hears no more', () => {
  const { values, clock, publisher, pushes } = setUp();
  const stop = publisher.subscribe((push) => pushes.push(push));
  stop();
  pushes.length = 0;
  values['accounts'] = { rows: [account('main', '1')] };
  publisher.touch('accounts');
  clock.advance(1000);
  expect(pushes).toEqual([]);
});

test('rows that move within a list are not sent again, and one in the middle can go', () => {
  const { values, clock, publisher, pushes } = setUp();
  const [a, b, c] = [account('a', '1'), account('b', '1'), account('c', '1')];
  values['accounts'] = { rows: [a, b, c] };
  publisher.subscribe((push) => pushes.push(push));
  pushes.length = 0;
  values['accounts'] = { rows: [account('d', '1'), c, { ...a }] };
  publisher.touch('accounts');
  clock.advance(250);
  expect(pushes).toMatchObject([{ changed: [account('d', '1')], removed: ['b'] }]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertRow } from '../../src-preload/contract/alerts.ts';
import type { Push } from '../../src-preload/contract/slices.ts';
import { type Slices, takeAnswer, takePush } from '../../src-renderer/state/slices.ts';
import { fixtureState } from './fixture-state.ts';

const alert = (id: string, text: string): AlertRow => ({
  id,
  severity: 'info',
  rule: 'r',
  account: null,
  symbol: null,
  text,
  at: 1,
});
const whole = (version: number, rows: AlertRow[], epoch = 'e'): Push => ({
  slice: 'alerts',
  epoch,
  version,
  whole: rows,
});
const change = (
  version: number,
  changed: AlertRow[],
  removed: string[] = [],
  epoch = 'e',
): Push => ({
  slice: 'alerts',
  epoch,
  version,
  changed,
  removed,
});
const rowsOf = (slices: Slices): AlertRow[] => [...(slices.alerts?.value.values() ?? [])];

test('changes that follow the whole are taken in row by row', () => {
  const a = alert('a', 'one');
  const b = alert('b', 'two');
  const first = takePush({}, whole(4, [a, b])).slices;
  const { slices, ask } = takePush(
    first,
    change(5, [alert('b', 'new'), alert('c', 'three')], ['a']),
  );
  expect(ask).toBe(false);
  expect(rowsOf(slices).map(({ id, text }) => [id, text])).toEqual([
    ['b', 'new'],
    ['c', 'three'],
  ]);
});

test('a row that no push names stays the same object, so its line is not drawn again', () => {
  const b = alert('b', 'two');
  const first = takePush({}, whole(1, [alert('a', 'one'), b])).slices;
  const { slices } = takePush(first, change(2, [alert('a', 'new')]));
  expect(slices.alerts?.value.get('b')).toBe(b);
});

test('P02 the same symbol on two accounts is two rows', () => {
  const { positions } = fixtureState({ positions: 2, now: 1, seed: 1 }).lists;
  const { slices } = takePush({}, { slice: 'positions', epoch: 'e', version: 1, whole: positions });
  expect(new Set(positions.map(({ symbol }) => symbol)).size).toBe(1);
  expect(slices.positions?.value.size).toBe(2);
});

test('a version gap asks for the whole once and takes nothing in meanwhile', () => {
  const first = takePush({}, whole(1, [alert('a', 'one')])).slices;
  const gap = takePush(first, change(3, [alert('a', 'three')]));
  expect(gap.ask).toBe(true);
  expect(rowsOf(gap.slices)[0]?.text).toBe('one');
  const again = takePush(gap.slices, change(4, [alert('a', 'four')]));
  expect(again.ask).toBe(false);
  const healed = takeAnswer(again.slices, 'alerts', { rows: [alert('a', 'four')] });
  expect(rowsOf(healed)[0]?.text).toBe('four');
  expect(takePush(healed, change(5, [alert('a', 'five')])).ask).toBe(false);
});

test('a change of another epoch asks for the whole', () => {
  const first = takePush({}, whole(1, [alert('a', 'one')])).slices;
  expect(takePush(first, change(2, [alert('a', 'x')], [], 'other')).ask).toBe(true);
});

test('an asking that failed is asked again at the next change', () => {
  const gap = takePush({}, change(3, [alert('a', 'x')]));
  const failed = takeAnswer(gap.slices, 'alerts', null);
  expect(takePush(failed, change(4, [alert('a', 'y')])).ask).toBe(true);
});

test('a push seen twice changes nothing', () => {
  const first = takePush({}, whole(1, [alert('a', 'one')])).slices;
  const second = takePush(first, change(2, [alert('a', 'two')])).slices;
  expect(takePush(second, change(2, [alert('a', 'stale')])).slices).toBe(second);
});

test('whatever is lost or doubled on the way, asking ends with what the desk holds', () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    text: fc.string({ maxLength: 3 }),
    remove: fc.boolean(),
    fate: fc.constantFrom('arrives', 'arrives', 'lost', 'doubled'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const desk = new Map<string, AlertRow>();
      let version = 1;
      let slices = takePush({}, whole(1, [])).slices;
      const receive = (push: Push): void => {
        const taken = takePush(slices, push);
        slices = taken.slices;
        if (taken.ask) slices = takeAnswer(slices, 'alerts', { rows: [...desk.values()] });
      };
      for (const { id, text, remove, fate } of [
        ...steps,
        { id: 'a', text: 'end', remove: false, fate: 'arrives' },
      ]) {
        if (remove) desk.delete(id);
        else desk.set(id, alert(id, text));
        version += 1;
        const push = remove ? change(version, [], [id]) : change(version, [alert(id, text)]);
        if (fate !== 'lost') receive(push);
        if (fate === 'doubled') receive(push);
      }
      const byId = (a: AlertRow, b: AlertRow): number => a.id.localeCompare(b.id);
      expect(rowsOf(slices).toSorted(byId)).toEqual([...desk.values()].toSorted(byId));
    }),
  );
});

import { memo, useEffect } from 'react';
import { useRow, useRows } from '../../../src-renderer/state/use-desk.tsx';
import type { Scenes } from '../parts.tsx';

/** How often each row was drawn. */
const drawn: Record<string, number> = {};
declare global {
  interface Window {
    drawn: typeof drawn;
  }
}
window.drawn = drawn;

const Row = memo(({ id }: { id: string }) => {
  const row = useRow('positions', id);
  useEffect(() => {
    drawn[id] = (drawn[id] ?? 0) + 1;
  });
  return (
    <li>
      {row?.symbol} {row?.markPrice}
    </li>
  );
});

function Rows() {
  const keys = [...(useRows('positions')?.keys() ?? [])];
  return (
    <ul>
      {keys.map((key) => (
        <Row key={key} id={key} />
      ))}
    </ul>
  );
}

export const scenes: Scenes = { rows: () => <Rows /> };

import { Dialog } from '../../parts/dialog.tsx';
import { views } from '../registry.ts';

const keys: [keys: string, what: string][] = [
  [views.map(({ key }) => key).join(' '), views.map(({ title }) => title).join(', ')],
  ['Ctrl K or ⌘ K', 'Search or run anything'],
  ['/', 'Filter by symbol'],
  ['↑ ↓ Home End Page ↑ Page ↓', 'Walk the rows of a table'],
  ['Enter', 'Open the row beside the table'],
  ['Escape', 'Close what is open'],
  ['Tab', 'Next control; every one can be reached'],
  ['?', 'These keys'],
];

export const KeysDialog = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Keys" onClose={onClose}>
    <ul className="scroll-list">
      {keys.map(([combination, what]) => (
        <li key={combination}>
          <span>{what}</span>
          <span className="kbd">{combination}</span>
        </li>
      ))}
    </ul>
    <footer>
      <button type="button" className="btn" data-first onClick={onClose}>
        Close
      </button>
    </footer>
  </Dialog>
);

import { Dialog } from '../../parts/dialog.tsx';

const keys: [keys: string, what: string][] = [
  ['1 2 3', 'Positions, Cache, Backups'],
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

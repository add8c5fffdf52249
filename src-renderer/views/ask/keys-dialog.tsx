import { Button, Keys } from '../../parts/controls/button.tsx';
import { Dialog, DialogBody, DialogFooter, DialogList } from '../../parts/dialogs/dialog.tsx';
import { views } from '../registry.ts';
import { words } from './words.ts';

const viewKeys = [
  views.map(({ key }) => key).join(' '),
  views.map(({ title }) => title).join(', '),
] as const;

export const KeysDialog = ({ onClose }: { onClose: () => void }) => (
  <Dialog title={words.keysTitle} onClose={onClose}>
    <DialogBody>
      <DialogList name={words.keysTitle} tall>
        {[viewKeys, ...words.keys].map(([combination, what]) => (
          <li key={combination}>
            <span>{what}</span>
            <Keys>{combination}</Keys>
          </li>
        ))}
      </DialogList>
    </DialogBody>
    <DialogFooter>
      <Button data-first onClick={onClose}>
        {words.close}
      </Button>
    </DialogFooter>
  </Dialog>
);

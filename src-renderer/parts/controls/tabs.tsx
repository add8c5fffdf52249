import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import css from './tabs.module.css';

/** Pages of one thing, one of them shown; arrow keys walk the tabs. */
export const Tabs = ({
  name,
  pages,
}: {
  name: string;
  pages: readonly { id: string; title: ReactNode; content: ReactNode }[];
}) => (
  <Base.Root className={css.tabs} defaultValue={pages[0]?.id}>
    <Base.List className={css.list} aria-label={name}>
      {pages.map(({ id, title }) => (
        <Base.Tab key={id} value={id} className={css.tab}>
          {title}
        </Base.Tab>
      ))}
    </Base.List>
    {pages.map(({ id, content }) => (
      <Base.Panel key={id} value={id}>
        {content}
      </Base.Panel>
    ))}
  </Base.Root>
);

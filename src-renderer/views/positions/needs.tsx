import type { PositionNeeds } from '../../../src-preload/contract/positions.ts';
import type { Mode } from '../../../src-preload/contract/words.ts';
import { Text } from '../../parts/figures/text.tsx';
import { Section } from '../../parts/layout/panel.tsx';
import css from './needs.module.css';
import { words } from './words.ts';

/**
 * What is wanted of a position and not so yet: what would be sent, what stands in its way with what may be
 * chosen instead, what is not known. Where the account proposes, the steps stand in the proposal.
 */
export function Needs({ needs, mode }: { needs: PositionNeeds; mode: Mode }) {
  const { blocked, waiting } = needs;
  const steps = mode === 'propose' ? [] : needs.steps;
  if (steps.length + blocked.length + waiting.length === 0) return null;
  return (
    <Section title={words.needs.titles[mode]}>
      <ul className={css.needs}>
        {steps.map(({ text, why }) => (
          <li key={text}>
            {text}
            <Text as="p" tone="mute" size="small">
              {why}
            </Text>
          </li>
        ))}
        {blocked.map(({ sentence, why, offers }) => (
          <li key={sentence}>
            <Text tone="amber">{sentence}</Text>
            <Text as="p" tone="mute" size="small">
              {why} {offers.length > 0 && words.needs.instead(offers)}
            </Text>
          </li>
        ))}
        {waiting.map((sentence) => (
          <li key={sentence}>
            <Text tone="mute">{sentence}</Text>
          </li>
        ))}
      </ul>
      {mode === 'watch' && steps.length > 0 && (
        <Text as="p" tone="faint" size="small">
          {words.needs.watching}
        </Text>
      )}
    </Section>
  );
}

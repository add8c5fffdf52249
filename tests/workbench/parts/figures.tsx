import { Age } from '../../../src-renderer/parts/figures/age.tsx';
import { Badge, BadgeButton, VenueBadge } from '../../../src-renderer/parts/figures/badge.tsx';
import { Figure, Figures, Profit } from '../../../src-renderer/parts/figures/figure.tsx';
import { Ladder } from '../../../src-renderer/parts/figures/ladder.tsx';
import { Light } from '../../../src-renderer/parts/figures/light.tsx';
import { Meter } from '../../../src-renderer/parts/figures/meter.tsx';
import { SeriesChart } from '../../../src-renderer/parts/figures/series-chart.tsx';
import { Sparkline } from '../../../src-renderer/parts/figures/sparkline.tsx';
import { Text } from '../../../src-renderer/parts/figures/text.tsx';
import { useNow } from '../../../src-renderer/state/use-desk.tsx';
import type { Scenes } from '../parts.tsx';

const badges = ['plain', 'amber', 'red', 'accent', 'bright'] as const;
const venues = ['practice', 'custom', 'testnet', 'demo', 'live'] as const;
const tones = ['plain', 'mute', 'faint', 'up', 'down', 'amber', 'red', 'accent'] as const;
const lights = ['off', 'ok', 'wait', 'fail'] as const;

const Ages = () => {
  const now = useNow();
  return (
    <p>
      {[now - 3_000, now - 5 * 60_000, null].map((at) => (
        <span key={at}>
          <Age at={at} />{' '}
        </span>
      ))}
    </p>
  );
};

const rung = (level: number, filledQuantity: string) => ({
  level,
  price: String(100 + level),
  quantity: '10',
  filledQuantity,
  orderId: `o${level}`,
});

export const scenes: Scenes = {
  ages: () => <Ages />,
  badges: () => (
    <p>
      {badges.map((tone) => (
        <Badge key={tone} tone={tone}>
          {tone}
        </Badge>
      ))}
      {venues.map((venue) => (
        <VenueBadge key={venue} venue={venue} />
      ))}
      <BadgeButton tone="accent" name="Mode of main: armed. Change" onPress={() => {}}>
        armed
      </BadgeButton>
    </p>
  ),
  texts: () => (
    <p>
      {tones.map((tone) => (
        <Text key={tone} tone={tone}>
          {tone}{' '}
        </Text>
      ))}
    </p>
  ),
  lights: () => (
    <p>
      {lights.map((tone) => (
        <span key={tone}>
          <Light tone={tone} /> {tone}{' '}
        </span>
      ))}
    </p>
  ),
  figures: () => (
    <Figures across="four">
      <Figure name="Gain">
        <Profit value="1204.5" />
      </Figure>
      <Figure name="Loss">
        <Profit value="-93.2" />
      </Figure>
      <Figure name="Nothing">
        <Profit value="0" />
      </Figure>
      <Figure name="Not known" hint="The exchange has not answered.">
        <Profit value={null} />
      </Figure>
    </Figures>
  ),
  ladders: () => (
    <>
      <Ladder rungs={[rung(1, '10'), rung(2, '4'), rung(3, '0')]} />
      <Ladder rungs={[]} />
    </>
  ),
  meters: () => (
    <>
      <Meter name="Size of the vault" done={120} total={500} />
      <Meter name="Almost full" done={490} total={500} look />
      <Meter name="Backing up" kind="progressbar" done={2} total={4} />
    </>
  ),
  sparkline: () => <Sparkline values={[1, 3, null, 2, 5]} label="Hit rate by minute: now 5" />,
  chart: () => (
    <div style={{ width: 640 }}>
      <SeriesChart
        series={[{ name: 'Calls', role: 'accent', filled: true, text: String }]}
        data={[
          [1, 2, 3, 4],
          [10, 12, 7, 14],
        ]}
        summary="14 calls in the last minute"
      />
    </div>
  ),
};

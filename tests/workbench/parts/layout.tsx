import type { ReactNode } from 'react';
import { Button } from '../../../src-renderer/parts/controls/button.tsx';
import { Banner } from '../../../src-renderer/parts/layout/banner.tsx';
import { EmptyState } from '../../../src-renderer/parts/layout/empty-state.tsx';
import { ErrorBoundary } from '../../../src-renderer/parts/layout/error-boundary.tsx';
import { Panel, Section, SidePanel } from '../../../src-renderer/parts/layout/panel.tsx';
import { View, ViewHeader, WithPanel } from '../../../src-renderer/parts/layout/view.tsx';
import type { Scenes } from '../parts.tsx';

const Breaks = (): ReactNode => {
  throw new Error('Broken on purpose.');
};

export const scenes: Scenes = {
  banners: () => (
    <>
      <Banner title="Told.">Nothing is wrong.</Banner>
      <Banner tone="look" title="Paused since 11:56." actions={<Button small>Resume</Button>}>
        A backup was restored.
      </Banner>
      <Banner tone="critical" title="The connection to the desk is lost, trying again." />
    </>
  ),
  empty: () => (
    <EmptyState title="No open positions.">
      <p>Both accounts were read whole and hold none.</p>
    </EmptyState>
  ),
  failed: () => <EmptyState title="Positions are not known." role="alert" />,
  broken: () => (
    <ErrorBoundary>
      <Breaks />
    </ErrorBoundary>
  ),
  panel: () => (
    <Panel title="Health" note="up 3 h" aside={<Button small>Look again</Button>}>
      <Section title="Streams">All are ready.</Section>
    </Panel>
  ),
  view: () => (
    <div style={{ height: 320, width: 900 }}>
      <WithPanel
        panel={
          <SidePanel
            name="Position BTCUSDT"
            title="BTCUSDT"
            subtitle="main, long"
            onClose={() => {}}
          >
            <Section title="Levels">None.</Section>
          </SidePanel>
        }
      >
        <View>
          <ViewHeader title="All 60 positions are protected." more="1 proposal waits for you">
            <Button>Columns</Button>
          </ViewHeader>
        </View>
      </WithPanel>
    </div>
  ),
};

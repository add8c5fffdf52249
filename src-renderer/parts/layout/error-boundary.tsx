import { Component, type ReactNode } from 'react';
import { Button } from '../controls/button.tsx';
import { Text } from '../figures/text.tsx';
import { EmptyState } from './empty-state.tsx';

/** When drawing itself fails, says so instead of showing nothing; the desk goes on without the screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failure: string | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(thrown: unknown): { failure: string } {
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <EmptyState title="This screen failed." role="alert">
        <p>
          The desk keeps watching without it. Load the screen again; if it fails again, report this:{' '}
          <Text mono>{this.state.failure}</Text>
        </p>
        <p>
          <Button variant="primary" onClick={() => window.location.reload()}>
            Load again
          </Button>
        </p>
      </EmptyState>
    );
  }
}

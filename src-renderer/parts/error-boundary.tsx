import { Component, type ReactNode } from 'react';

/** When drawing itself fails, says so instead of showing nothing; the desk goes on without the screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failure: string | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(thrown: unknown): { failure: string } {
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <div className="empty" role="alert">
        <h1>This screen failed.</h1>
        <p>
          The desk goes on watching without it. Load the screen again; if it fails again, report
          this: <span className="mono">{this.state.failure}</span>
        </p>
        <p>
          <button type="button" className="btn primary" onClick={() => window.location.reload()}>
            Load again
          </button>
        </p>
      </div>
    );
  }
}

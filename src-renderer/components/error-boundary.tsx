import { Component, type ReactNode } from 'react';
import { toUiError, type UiError } from '../bridge/ui-error.ts';
import { ErrorPanel } from './states.tsx';

interface BoundaryProps {
  readonly children: ReactNode;
}
interface BoundaryState {
  readonly error: UiError | null;
}

/** Keeps a screen that fails from taking the window with it. */
export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: toUiError(error) };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <main className="screen">
        <ErrorPanel
          error={this.state.error}
          title="This screen could not be shown"
          hint="Nothing was changed: decisions count only once they are recorded."
          onRetry={() => this.setState({ error: null })}
        />
      </main>
    );
  }
}

import { type ReactNode, useEffect, useState } from 'react';
import type { UiError } from '../bridge/ui-error.ts';
import { Button } from './button.tsx';
import { ShapeIcon } from './shape-icon.tsx';

const SAY_AFTER_MS = 300;

/** Says what is being done once it takes longer than 300 ms; shorter waits would only flicker. */
export function Loading({ what }: { readonly what: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SAY_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status">
      {shown ? (
        <>
          <span className="spinner" aria-hidden="true" />
          {what}
        </>
      ) : null}
    </div>
  );
}

const KEPT: Partial<Record<UiError['code'], string>> = {
  'audit-unavailable': 'Nothing was done: what cannot be recorded does not happen.',
  'keychain-unavailable': 'Nothing was done: without the signing key nothing can be recorded.',
  'cloud-unreachable': 'What was collected before is kept.',
  'disk-full': 'What was recorded before is kept. Free some space, then try again.',
  conflict: 'It has changed meanwhile. What you see may be old.',
};

interface ErrorPanelProps {
  readonly error: UiError;
  readonly title: string;
  /** What was kept, or what to do, when the error's code alone does not tell. */
  readonly hint?: string;
  readonly onRetry?: () => void;
  readonly onDismiss?: () => void;
}

/** A failure: what happened, what was kept, what to do, and the reference for whoever reads the log. */
export function ErrorPanel({ error, title, hint, onRetry, onDismiss }: ErrorPanelProps) {
  const kept = hint ?? KEPT[error.code];
  return (
    <div className="error-panel" role="alert">
      <span className="error-mark">
        <ShapeIcon shape="bang" />
      </span>
      <div>
        <strong>{title}</strong>
        <p>{error.message}</p>
        {kept === undefined ? null : <p>{kept}</p>}
        <p className="faint">
          {error.code}
          {error.ref === '' ? null : (
            <>
              {' · reference '}
              <code>{error.ref}</code>
            </>
          )}
        </p>
      </div>
      <div className="row-actions">
        {onRetry === undefined ? null : <Button onPress={onRetry}>Try again</Button>}
        {onDismiss === undefined ? null : (
          <Button look="ghost" onPress={onDismiss}>
            Dismiss
          </Button>
        )}
      </div>
    </div>
  );
}

/** What stands where nothing is yet: what this place is for, and the way to fill it. */
export function EmptyState({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

import { useCallback, useRef, useState } from 'react';
import { toUiError, type UiError } from './ui-error.ts';

export interface Action<A extends readonly unknown[]> {
  readonly busy: boolean;
  readonly error: UiError | null;
  /** Runs unless it is running already; resolves to whether it succeeded. */
  readonly run: (...args: A) => Promise<boolean>;
  readonly clear: () => void;
}

/** Something the user starts: never twice at the same time, its failure kept to be shown beside its button. */
export function useAction<A extends readonly unknown[]>(perform: (...args: A) => Promise<void>): Action<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<UiError | null>(null);
  const running = useRef(false);
  const performRef = useRef(perform);
  performRef.current = perform;

  const run = useCallback(async (...args: A): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await performRef.current(...args);
      return true;
    } catch (failure) {
      setError(toUiError(failure));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { busy, error, run, clear };
}

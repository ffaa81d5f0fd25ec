import { useCallback, useEffect, useRef, useState } from 'react';
import { toUiError, type UiError } from './ui-error.ts';

export interface Query<T> {
  readonly data: T | null;
  readonly error: UiError | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Loads once per `key` and on `reload`. What was loaded last stays while the same key reloads, and an answer that
 * arrives after the key changed is dropped.
 */
export function useQuery<T>(key: string, load: () => Promise<T>): Query<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: UiError | null; loading: boolean }>({
    key,
    data: null,
    error: null,
    loading: true,
  });
  const loadRef = useRef(load);
  loadRef.current = load;
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the request to load again
  useEffect(() => {
    let dropped = false;
    setState((old) => ({ key, data: old.key === key ? old.data : null, error: null, loading: true }));
    loadRef.current().then(
      (data) => {
        if (!dropped) setState({ key, data, error: null, loading: false });
      },
      (error: unknown) => {
        if (!dropped) setState((old) => ({ ...old, key, error: toUiError(error), loading: false }));
      },
    );
    return () => {
      dropped = true;
    };
  }, [key, round]);

  const reload = useCallback(() => setRound((value) => value + 1), []);
  const current = state.key === key;
  return {
    data: current ? state.data : null,
    error: current ? state.error : null,
    loading: current ? state.loading : true,
    reload,
  };
}

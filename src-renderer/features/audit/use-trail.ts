import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../bridge/call.ts';
import { toUiError, type UiError } from '../../bridge/ui-error.ts';
import type { TrailFilter } from '../../navigation/route.ts';
import { isFiltered, queryOf } from './filter-model.ts';
import { addPage, beginRows, nextRequest, PAGE_SIZE, type TrailRows } from './paging.ts';

export interface Trail {
  readonly rows: TrailRows | null;
  readonly error: UiError | null;
  readonly loading: boolean;
  /** Changes with each new beginning, so that the list scrolls to its top. */
  readonly version: number;
  readonly reload: () => void;
  readonly view: (from: number, to: number) => void;
}

/** The rows of the trail for a filter, loaded as they come into view, one request at a time. */
export function useTrail(filter: TrailFilter): Trail {
  const key = JSON.stringify(filter);
  const [rows, setRows] = useState<TrailRows | null>(null);
  const [error, setError] = useState<UiError | null>(null);
  const [loading, setLoading] = useState(true);
  const [version, setVersion] = useState(0);
  const [round, setRound] = useState(0);
  const state = useRef<{
    rows: TrailRows | null;
    query: ReturnType<typeof queryOf>;
    busy: boolean;
    wanted: [number, number];
  }>({
    rows: null,
    query: {},
    busy: false,
    wanted: [0, 0],
  });

  const fill = useCallback(async () => {
    const current = state.current;
    while (!current.busy && current.rows !== null) {
      const request = nextRequest(current.rows, ...current.wanted);
      if (request === null) return;
      current.busy = true;
      try {
        const page = await call('trail.page', { ...current.query, before: request.before, limit: PAGE_SIZE });
        if (state.current !== current || current.rows === null) return;
        current.rows = addPage(current.rows, request.page, page.rows);
        setRows(current.rows);
      } catch (failure) {
        if (state.current === current) setError(toUiError(failure));
        return;
      } finally {
        current.busy = false;
      }
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the request to begin anew
  useEffect(() => {
    const parsed = JSON.parse(key) as TrailFilter;
    const begun = {
      rows: null as TrailRows | null,
      query: queryOf(parsed, Date.now()),
      busy: false,
      wanted: [0, 0] as [number, number],
    };
    state.current = begun;
    setLoading(true);
    setError(null);
    call('trail.page', { ...begun.query, limit: PAGE_SIZE }).then(
      (page) => {
        if (state.current !== begun) return;
        begun.rows = beginRows(page, isFiltered(parsed));
        setRows(begun.rows);
        setVersion((value) => value + 1);
        setLoading(false);
      },
      (failure: unknown) => {
        if (state.current !== begun) return;
        setError(toUiError(failure));
        setLoading(false);
      },
    );
  }, [key, round]);

  const view = useCallback(
    (from: number, to: number) => {
      state.current.wanted = [from, to];
      void fill();
    },
    [fill],
  );
  const reload = useCallback(() => setRound((value) => value + 1), []);
  return { rows, error, loading, version, reload, view };
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../bridge/call.ts';
import { toUiError, type UiError } from '../../bridge/ui-error.ts';
import type { TrailFilter } from '../../navigation/route.ts';
import { isFiltered, queryOf } from './filter-model.ts';
import { addPage, beginRows, nextRequest, PAGE_SIZE, type TrailRows, withTotal } from './paging.ts';

export interface Trail {
  readonly rows: TrailRows | null;
  readonly error: UiError | null;
  readonly loading: boolean;
  /** Changes with each new beginning, so that the list scrolls to its top. */
  readonly version: number;
  readonly reload: () => void;
  readonly view: (from: number, to: number) => void;
}

interface State {
  rows: TrailRows | null;
  readonly query: ReturnType<typeof queryOf>;
  busy: boolean;
  /** Rows in view; the first one even before there is any, so that a search goes on until it finds something. */
  wanted: [number, number];
}

/** The rows of the trail for a filter, loaded as they come into view, one request at a time. */
export function useTrail(filter: TrailFilter): Trail {
  const key = JSON.stringify(filter);
  const [rows, setRows] = useState<TrailRows | null>(null);
  const [error, setError] = useState<UiError | null>(null);
  const [loading, setLoading] = useState(true);
  const [version, setVersion] = useState(0);
  const [round, setRound] = useState(0);
  const state = useRef<State>({ rows: null, query: {}, busy: false, wanted: [0, 1] });

  /** Of several common values only so many are counted with the first page; the others a moment later, in steps. */
  const count = useCallback(async (current: State) => {
    let total = 0;
    let before: number | undefined;
    while (state.current === current && current.rows !== null && current.rows.totalIs !== 'exact') {
      const query = { ...current.query, limit: 1, ...(before === undefined ? {} : { before }) };
      const counted = await call('trail.count', query).catch(() => null); // the rows are there; "at least" stays
      if (counted === null || state.current !== current || current.rows === null) return;
      total += counted.count;
      current.rows = withTotal(current.rows, total, counted.next === null ? counted.countIs : 'at-least');
      setRows(current.rows);
      if (counted.next === null) return;
      before = counted.next;
    }
  }, []);

  const fill = useCallback(async () => {
    const current = state.current;
    while (!current.busy && current.rows !== null) {
      const request = nextRequest(current.rows, ...current.wanted);
      if (request === null) return;
      current.busy = true;
      try {
        const page = await call('trail.page', { ...current.query, before: request.before, limit: PAGE_SIZE });
        if (state.current !== current || current.rows === null) return;
        current.rows = addPage(current.rows, request.page, page);
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
    const begun: State = { rows: null, query: queryOf(parsed, Date.now()), busy: false, wanted: [0, 1] };
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
        void fill();
        void count(begun);
      },
      (failure: unknown) => {
        if (state.current !== begun) return;
        setError(toUiError(failure));
        setLoading(false);
      },
    );
  }, [key, round, fill, count]);

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

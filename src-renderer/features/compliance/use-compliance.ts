import { useEffect, useRef } from 'react';
import { useConsoleEvents } from '../../bridge/events.ts';
import { type Query, useQuery } from '../../bridge/use-query.ts';

/** While records are counted events come one after the other: what is shown is asked for once in this time. */
const GATHER_MS = 400;

/** Loads once per `key` and again when the register changed or was counted further. */
export function useCompliance<T>(key: string, load: () => Promise<T>): Query<T> {
  const query = useQuery(key, load);
  const { reload } = query;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useConsoleEvents((event) => {
    if (event.type !== 'compliance' || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      reload();
    }, GATHER_MS);
  });
  return query;
}

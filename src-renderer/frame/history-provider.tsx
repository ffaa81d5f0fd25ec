import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { Coverage, Standing } from '#shared/ipc/verification-views.ts';
import { useMay } from '../bridge/access-provider.tsx';
import { call } from '../bridge/call.ts';
import { useConsoleEvents } from '../bridge/events.ts';
import type { UiError } from '../bridge/ui-error.ts';
import { useQuery } from '../bridge/use-query.ts';
import { type Alarm, addAlarm, alarmOfCoverage } from './history-state.ts';

interface HistoryValue {
  /** Null until it is known. */
  readonly standing: Standing | null;
  readonly coverage: Coverage | null;
  readonly error: UiError | null;
  readonly alarms: readonly Alarm[];
  readonly dismiss: (alarm: Alarm) => void;
  readonly reload: () => void;
}

const HistoryContext = createContext<HistoryValue | null>(null);

export function useHistory(): HistoryValue {
  const value = useContext(HistoryContext);
  if (value === null) throw new Error('useHistory outside its provider');
  return value;
}

/** Every record changes the chain's state: the standing is asked for once per burst. */
const ASK_AFTER_MS = 400;

/** How the own history stands and what is told of it, for every screen. Listens from before the workspace is loaded. */
export function HistoryProvider({ children }: { readonly children: ReactNode }) {
  const may = useMay('trail.read');
  const standing = useQuery(`standing ${may}`, async () => (may ? call('verification.standing', {}) : null));
  const asked = useQuery(`coverage ${may}`, async () => (may ? call('verification.coverage', {}) : null));
  const [told, setTold] = useState<Coverage | null>(null);
  const [alarms, setAlarms] = useState<readonly Alarm[]>([]);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { reload: reloadStanding } = standing;
  const { reload: reloadCoverage } = asked;

  useConsoleEvents((event) => {
    if (event.type === 'coverage') setTold(event.coverage);
    if (event.type === 'alert') {
      setAlarms((old) => addAlarm(old, event));
      setDismissed([]);
    }
    if (event.type === 'chain' || event.type === 'alert') {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        reloadStanding();
      }, ASK_AFTER_MS);
    }
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const coverage = told ?? asked.data;
  const dismiss = useCallback((alarm: Alarm) => {
    setAlarms((old) => old.filter(({ id }) => id !== alarm.id));
    setDismissed((old) => [...old, alarm.id]);
  }, []);
  const reload = useCallback(() => {
    reloadStanding();
    reloadCoverage();
  }, [reloadStanding, reloadCoverage]);

  const value = useMemo<HistoryValue>(() => {
    const known = alarms.length > 0 ? null : alarmOfCoverage(coverage, standing.data);
    return {
      standing: standing.data,
      coverage,
      error: standing.error ?? asked.error,
      alarms: known === null || dismissed.length > 0 ? alarms : [known],
      dismiss,
      reload,
    };
  }, [standing.data, standing.error, asked.error, coverage, alarms, dismissed, dismiss, reload]);
  return <HistoryContext value={value}>{children}</HistoryContext>;
}

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useMay } from './access-provider.tsx';
import { call } from './call.ts';
import { applyEvent, type ConsoleState } from './console-state.ts';
import { useConsoleEvents } from './events.ts';
import { toUiError, type UiError } from './ui-error.ts';
import { useQuery } from './use-query.ts';

interface ConsoleValue extends ConsoleState {
  readonly refresh: () => void;
}

const ConsoleContext = createContext<ConsoleValue | null>(null);

export function useConsole(): ConsoleValue {
  const value = useContext(ConsoleContext);
  if (value === null) throw new Error('useConsole outside its provider');
  return value;
}

/** Incidents that may not be read are not asked for: the question alone would be a refusal on record. */
async function loadConsole(mayIncidents: boolean): Promise<ConsoleState> {
  const [info, incidents, pending, chain] = await Promise.all([
    call('app.info', {}),
    mayIncidents ? call('incidents.list', {}) : [],
    mayIncidents ? call('approvals.pending', {}) : [],
    call('chain.status', {}),
  ]);
  return { info, incidents, pending, chain, verifying: null };
}

interface ProviderProps {
  readonly children: ReactNode;
  readonly loading: ReactNode;
  readonly failed: (error: UiError, retry: () => void) => ReactNode;
  readonly onProblem: (error: UiError) => void;
}

/** Loads what all screens share and keeps it current from events. */
export function ConsoleProvider({ children, loading, failed, onProblem }: ProviderProps) {
  const mayIncidents = useMay('incidents.read');
  const query = useQuery(`console ${mayIncidents}`, () => loadConsole(mayIncidents));
  const [state, setState] = useState<ConsoleState | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    if (query.data !== null) setState(query.data);
  }, [query.data]);
  useEffect(() => () => clearTimeout(timer.current), []);

  // Which proposals wait is the main process's to say: it is asked again, once per burst of events.
  const askPending = () => {
    if (!mayIncidents) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      call('approvals.pending', {}).then(
        (pending) => setState((old) => (old === null ? old : { ...old, pending })),
        (error: unknown) => onProblem(toUiError(error)),
      );
    }, 120);
  };

  useConsoleEvents((event) => {
    setState((old) => (old === null ? old : applyEvent(old, event)));
    if (event.type === 'investigation' || event.type === 'incident' || event.type === 'people') askPending();
  }, onProblem);

  const { reload } = query;
  const value = useMemo(() => (state === null ? null : { ...state, refresh: reload }), [state, reload]);
  if (value !== null) return <ConsoleContext value={value}>{children}</ConsoleContext>;
  return query.error === null ? loading : failed(query.error, reload);
}

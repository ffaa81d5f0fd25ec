import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { AccessState } from '#shared/ipc/access-views.ts';
import type { Permission } from '#shared/model/access.ts';
import { call } from './call.ts';
import { useConsoleEvents } from './events.ts';
import { onSignedOut } from './signed-out.ts';
import { toUiError, type UiError } from './ui-error.ts';

interface AccessValue {
  readonly state: AccessState;
  /** Takes the state a call answered with; what was asked before that call is dropped. */
  readonly accept: (state: AccessState) => void;
  readonly reload: () => void;
}

const AccessContext = createContext<AccessValue | null>(null);
const ASK_AGAIN_MS = 1500;
const NONE: readonly Permission[] = [];

export function useAccess(): AccessValue {
  const value = useContext(AccessContext);
  if (value === null) throw new Error('useAccess outside its provider');
  return value;
}

/** What the person who is signed in may do; nothing outside the provider. The main process checks every call besides. */
export function usePermissions(): readonly Permission[] {
  return useContext(AccessContext)?.state.permissions ?? NONE;
}

/** Whether the person who is signed in may do it. What one may not do is not on the screen. */
export function useMay(permission: Permission): boolean {
  return usePermissions().includes(permission);
}

interface ProviderProps {
  readonly children: ReactNode;
  readonly loading: ReactNode;
  readonly failed: (error: UiError, retry: () => void) => ReactNode;
}

/**
 * Where the window stands, asked at the start, after each 'access' event, and whenever a call says that nobody is signed
 * in. A state that cannot be learnt again shows nothing of the last one: it may have been somebody else's.
 */
export function AccessProvider({ children, loading, failed }: ProviderProps) {
  const [state, setState] = useState<AccessState | null>(null);
  const [error, setError] = useState<UiError | null>(null);
  const round = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const accept = useCallback((next: AccessState) => {
    round.current += 1;
    setState(next);
    setError(null);
  }, []);
  const reload = useCallback(() => {
    clearTimeout(timer.current);
    round.current += 1;
    const asked = round.current;
    const isNewest = () => asked === round.current;
    call('access.state', {}).then(
      (next) => {
        if (!isNewest()) return;
        setState(next);
        setError(null);
      },
      (failure: unknown) => {
        if (!isNewest()) return;
        const reason = toUiError(failure);
        // asked too often is no answer about anybody: what is shown stays until there is one
        if (reason.code === 'rate-limited') timer.current = setTimeout(reload, ASK_AGAIN_MS);
        else {
          setState(null);
          setError(reason);
        }
      },
    );
  }, []);

  useEffect(reload, [reload]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => onSignedOut(reload), [reload]);
  useConsoleEvents((event) => {
    if (event.type === 'access') reload();
  });

  const value = useMemo(() => (state === null ? null : { state, accept, reload }), [state, accept, reload]);
  if (value !== null) return <AccessContext value={value}>{children}</AccessContext>;
  return error === null ? loading : failed(error, reload);
}

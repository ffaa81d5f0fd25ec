import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { ToastProvider } from '../../components/toasts.tsx';
import { refineRoute } from '../../navigation/use-route.ts';
import { type Arrival, ArrivalContext } from '../first-run/arrival.ts';
import { EntryScreen } from '../sign-in/entry-screen.tsx';
import { LockScreen } from '../sign-in/lock-screen.tsx';
import { ArrivalScreen } from './arrival-screen.tsx';
import { IdleNotice } from './idle-notice.tsx';

/**
 * Lets the console in only while somebody is signed in and not locked. It is not hidden otherwise but unmounted, its
 * messages too, so that nothing of it can be read behind another screen; each person gets one of their own.
 */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { state } = useAccess();
  const { stage, person, workspace } = state;
  const [password, setPassword] = useState<string | null>(null);
  const last = useRef(stage);

  useEffect(() => {
    const before = last.current;
    last.current = stage;
    if (stage === 'open') return;
    if (before === 'open') setPassword(null);
    // whoever signs in next does not begin where the last person was, nor with what they searched for
    if (stage !== 'locked' && window.location.hash !== '') refineRoute({ screen: 'incidents' });
  }, [stage]);
  const arrival = useMemo<Arrival>(() => ({ begin: setPassword, fail: () => setPassword(null) }), []);

  if (stage === 'locked') {
    return (
      <ToastProvider key="locked">
        <LockScreen />
      </ToastProvider>
    );
  }
  if (stage === 'open' && person !== null) {
    return (
      <ToastProvider key={`open ${workspace?.tenant ?? ''} ${person.id}`}>
        {password === null ? children : <ArrivalScreen password={password} onDone={() => setPassword(null)} />}
        <IdleNotice />
      </ToastProvider>
    );
  }
  return (
    <ToastProvider key="entry">
      <ArrivalContext value={arrival}>
        <EntryScreen />
      </ArrivalContext>
    </ToastProvider>
  );
}

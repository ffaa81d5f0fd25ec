import { useEffect, useRef, useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { Button } from '../../components/button.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { formatCountdown } from '../../format/times.ts';
import { type Awake, isReportDue, timeToLock } from './idle.ts';

/** What counts as being there: hands on the keyboard, the mouse or the screen. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Reports activity to the main process, which locks; says before that it is about to. */
export function IdleNotice() {
  const { state, reload } = useAccess();
  const limit = state.idleLockMs;
  const [left, setLeft] = useState<number | null>(null);
  const awake = useRef<Awake>({ activeAt: 0, reportedAt: Date.now() });
  const beat = useRef<() => void>(() => undefined);

  useEffect(() => {
    let asked = false;
    const look = () => {
      const now = Date.now();
      if (isReportDue(awake.current, limit, now)) {
        awake.current = { ...awake.current, reportedAt: now };
        // a failure is no news: when the session is over, the call itself makes the window ask where it stands
        call('access.stayAwake', {}).catch(() => undefined);
      }
      const time = timeToLock(awake.current, limit, now);
      setLeft(time === null ? null : Math.ceil(time / 1000) * 1000);
      if (time !== 0) asked = false;
      else if (!asked) {
        asked = true;
        reload(); // the main process has locked by now; should its word be lost, it is asked
      }
    };
    const onSign = () => {
      awake.current = { ...awake.current, activeAt: Date.now() };
      if (timeToLock(awake.current, limit, Date.now()) !== null) look();
    };
    beat.current = onSign;
    for (const sign of SIGNS) window.addEventListener(sign, onSign, { passive: true, capture: true });
    const timer = setInterval(look, 1000);
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, onSign, { capture: true });
      clearInterval(timer);
    };
  }, [limit, reload]);

  return (
    <section className="idle-notice" aria-label="Idle lock" data-react-aria-top-layer="true">
      <p className="visually-hidden" role="status">
        {left === null ? '' : 'The window locks soon, because nothing was done for a while.'}
      </p>
      {left === null ? null : (
        <div className="toast tone-warn">
          <ShapeIcon shape="bang" />
          <span>
            Locks in <span className="num">{formatCountdown(left)}</span>: nothing was done for a while.
          </span>
          <Button onPress={() => beat.current()}>Stay signed in</Button>
        </div>
      )}
    </section>
  );
}

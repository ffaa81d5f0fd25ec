import { Button as AriaButton } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import {
  formatAgo,
  formatCountdown,
  formatLocal,
  formatLocalClock,
  formatLocalDate,
  formatLocalMillis,
  formatUtc,
} from '../format/times.ts';
import { useNow } from './now.ts';

type TimeForm = 'full' | 'date' | 'clock' | 'millis' | 'age';

interface TimeTextProps {
  readonly iso: string;
  readonly form?: TimeForm;
}

/** A moment in the local zone; UTC and the full form on hover and on focus. */
export function TimeText({ iso, form = 'full' }: TimeTextProps) {
  const time = new Date(iso);
  return (
    <TooltipTrigger delay={300} closeDelay={0}>
      <AriaButton className={form === 'full' || form === 'date' ? 'time-text time-full' : 'time-text num'}>
        <time dateTime={iso}>{form === 'age' ? <Age iso={iso} /> : printTime(time, form)}</time>
      </AriaButton>
      <Tooltip className="tooltip num" offset={6}>
        <span>{formatLocal(time)} local</span>
        <span>{formatUtc(time)}</span>
      </Tooltip>
    </TooltipTrigger>
  );
}

function printTime(time: Date, form: Exclude<TimeForm, 'age'>): string {
  if (form === 'date') return formatLocalDate(time);
  if (form === 'clock') return formatLocalClock(time);
  return form === 'millis' ? formatLocalMillis(time) : formatLocal(time);
}

/** How long ago, as plain text that keeps up with the clock. */
export function Age({ iso }: { readonly iso: string }) {
  const now = useNow(15_000);
  return <>{formatAgo(Math.max(0, Math.max(now, Date.now()) - Date.parse(iso)))}</>;
}

/** Time left, each second. A screen reader hears it when it reads there, not each second. */
export function Countdown({ until }: { readonly until: string }) {
  const now = useNow(1000);
  return (
    <span className="num" role="timer" aria-live="off">
      {formatCountdown(Date.parse(until) - now)}
    </span>
  );
}

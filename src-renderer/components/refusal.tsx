import type { UiError } from '../bridge/ui-error.ts';
import { formatCountdown } from '../format/times.ts';
import { useNow } from './now.ts';

/** Refusals that are about what was typed as a proof of who one is; they stand at its field. */
export function isAboutProof(error: UiError | null): error is UiError {
  if (error === null) return false;
  return ['reauthentication-required', 'sign-in-required', 'rate-limited'].includes(error.code);
}

/** The main process' sentence, and while there is a lockout the time left of it. */
export function Refusal({ error }: { readonly error: UiError }) {
  return (
    <>
      {error.message}
      {error.until === null ? null : <TimeLeft until={error.until} />}
    </>
  );
}

/** Counted down for the eye only: read out each second it would drown everything else. */
function TimeLeft({ until }: { readonly until: string }) {
  const left = Date.parse(until) - useNow(1000);
  return (
    <span className="block num" role="timer" aria-live="off">
      {left > 0 ? `Try again in ${formatCountdown(left)}.` : 'You can try again now.'}
    </span>
  );
}

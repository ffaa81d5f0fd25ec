import { CausewayError } from '#shared/errors.ts';

/** Gives a call up after `ms`, or when the signal says so, also when the call itself does not heed it. */
export async function within<T>(
  ms: number,
  outer: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  explain: (error: unknown, timedOut: boolean) => CausewayError,
): Promise<T> {
  const late = new AbortController();
  const signal = AbortSignal.any([outer, late.signal]);
  const timer = setTimeout(() => late.abort(), ms);
  const given = Promise.withResolvers<never>();
  const giveUp = () => given.reject(new Error('given up'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    if (signal.aborted) throw closing();
    return await Promise.race([given.promise, call(signal)]);
  } catch (error) {
    if (outer.aborted) throw closing();
    throw explain(error, late.signal.aborted);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function closing(): CausewayError {
  return new CausewayError('cancelled', 'The vault is being closed.', { reason: 'closing' });
}

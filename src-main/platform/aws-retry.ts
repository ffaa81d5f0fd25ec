import { CausewayError } from '#shared/errors.ts';

/** What the SDK tells its retry strategy of a failed attempt; of its own types only this is used. */
interface FailedAttempt {
  readonly errorType: string;
}

interface AttemptToken {
  getRetryCount(): number;
  getRetryCost(): number;
  /** Milliseconds. */
  getRetryDelay(): number;
}

const FIRST_DELAY_MS = 200;

/**
 * For clients that change things: an attempt is repeated only when the cloud refused it for being too many, because then
 * nothing was done. After a lost answer or a server's error nobody knows, and a change must not be made twice.
 */
export function retryRefusalsOnly(maxAttempts: number) {
  return {
    acquireInitialRetryToken: async (): Promise<AttemptToken> => tokenOf(0),
    refreshRetryTokenForRetry: async (token: AttemptToken, failed: FailedAttempt): Promise<AttemptToken> => {
      const next = token.getRetryCount() + 1;
      if (failed.errorType === 'THROTTLING' && next < maxAttempts) return tokenOf(next);
      // The SDK catches this and gives its caller the error of the attempt.
      throw new CausewayError('conflict', 'This attempt is not repeated.', { reason: 'not-repeated' });
    },
    recordSuccess: () => undefined,
  };
}

function tokenOf(count: number): AttemptToken {
  return {
    getRetryCount: () => count,
    getRetryCost: () => 0,
    getRetryDelay: () => (count === 0 ? 0 : FIRST_DELAY_MS * 2 ** (count - 1)),
  };
}

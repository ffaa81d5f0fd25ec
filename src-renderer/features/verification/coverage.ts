import type { ChainStatus } from '#shared/ipc/views.ts';

/** Parts of the chain by what is known of them, as shares of 100 that add up to it. */
export interface Coverage {
  readonly verified: number;
  readonly unchecked: number;
  readonly state: 'valid' | 'invalid' | 'unchecked';
}

/** How much of the chain the last verification covers. Never rounds up to "all". */
export function measureCoverage(status: ChainStatus): Coverage {
  const { verified, records } = status;
  if (verified === null || records === 0) return { verified: 0, unchecked: 100, state: 'unchecked' };
  if (verified.verdict !== 'valid') return { verified: 100, unchecked: 0, state: 'invalid' };
  const share = verified.to >= records ? 100 : Math.min(99.5, (verified.to / records) * 100);
  return { verified: share, unchecked: 100 - share, state: 'valid' };
}

import { isSyntheticChain } from '#shared/model/synthetic.ts';
import type { Collector } from './collector.ts';

/** What the chain says of itself in its first record. */
export interface OriginCollected {
  /** Everything in it is made up. */
  readonly synthetic: boolean;
}

export function origin(): Collector {
  let synthetic = false;
  return {
    actions: ['tenant.created'],
    take: ({ seq, record }) => {
      if (seq === 1) synthetic = isSyntheticChain(record.data);
    },
    end: (): OriginCollected => ({ synthetic }),
  };
}

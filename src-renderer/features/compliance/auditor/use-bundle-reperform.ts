import { useState } from 'react';
import type { Reperformed } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { type Recomputing, useRecomputing } from '../reports/use-recomputing.ts';

export interface BundleReperforming extends Recomputing<readonly [file: string]> {
  /** The report being recomputed, and the one it was last. */
  readonly running: string | null;
  readonly last: string | null;
  readonly results: ReadonlyMap<string, Reperformed>;
}

/** Recomputes the reports of the bundle that is open, one at a time, from its chain. */
export function useBundleReperform(): BundleReperforming {
  const [last, setLast] = useState<string | null>(null);
  const [results, setResults] = useState<ReadonlyMap<string, Reperformed>>(new Map());
  const recomputing = useRecomputing(async (file: string) => {
    setLast(file);
    const result = await call('bundle.reperform', { file });
    setResults((known) => new Map(known).set(file, result));
  });
  return { ...recomputing, running: recomputing.run.busy ? last : null, last, results };
}

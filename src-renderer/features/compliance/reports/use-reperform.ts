import { useState } from 'react';
import type { Reperformed } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { type Recomputing, useRecomputing } from './use-recomputing.ts';

export interface Reperforming extends Recomputing<readonly []> {
  readonly result: Reperformed | null;
  readonly clear: () => void;
}

/** Recomputes a report from an exported chain, both chosen in file dialogs. */
export function useReperform(): Reperforming {
  const [result, setResult] = useState<Reperformed | null>(null);
  const recomputing = useRecomputing(async () => {
    const answer = await call('reports.reperform', {});
    if (!answer.cancelled) setResult(answer.value);
  });
  return { ...recomputing, result, clear: () => setResult(null) };
}

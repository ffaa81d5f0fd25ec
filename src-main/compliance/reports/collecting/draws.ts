import { SAMPLE_DRAW } from '../../register/sample-draw.ts';
import { type Collector, dataOf, textOf } from './collector.ts';

/** That a sample was drawn, which is on record each time. */
export interface EarlierDraw {
  readonly seq: number;
  /** As it was typed. */
  readonly number: string;
  /** Of its window; RFC 3339. */
  readonly from: string;
  readonly to: string;
  /** Of the same draw as the record named before it: one bundle has a record for each window and choice in it. */
  readonly again: boolean;
}

/** Draws over windows that overlap one. */
export interface DrawsCollected {
  /** By record, in their order; the first ones. */
  readonly records: readonly EarlierDraw[];
  readonly recordCount: number;
  /** Draws: records of one seed that follow each other are one. */
  readonly count: number;
}

/** More are not named: a line of a report has an end. */
const MOST = 15;

/**
 * Draws over windows that have a moment in common with the one asked for, whatever they were drawn for. A window that is
 * moved by a millisecond gives another population and so another sample: equal ones alone would not tell who draws again.
 */
export function draws(parameters: unknown): Collector {
  const [from, to] = [textOf(parameters, 'from'), textOf(parameters, 'to')];
  const records: EarlierDraw[] = [];
  let recordCount = 0;
  let count = 0;
  let lastSeed: string | null = null;
  return {
    actions: ['tenant.report_generated'],
    take: (entry) => {
      const { seq, record } = entry;
      const data = dataOf(entry, 'tenant.report_generated');
      if (record.outcome !== 'success' || data?.kind !== SAMPLE_DRAW || data.from >= to || data.to <= from) return;
      const again = data.digest === lastSeed;
      lastSeed = data.digest;
      recordCount++;
      if (!again) count++;
      if (records.length >= MOST) return;
      const number = data.format.replace(/^number /, '').slice(0, 20);
      records.push({ seq, number, from: data.from, to: data.to, again });
    },
    end: (): DrawsCollected => ({ records, recordCount, count }),
  };
}

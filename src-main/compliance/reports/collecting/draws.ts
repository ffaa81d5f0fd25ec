import { SAMPLE_DRAW } from '../../register/sample-draw.ts';
import { type Collector, dataOf, parametersOf } from './collector.ts';

/** That samples of one window were drawn, which is on record each time. */
export interface DrawsCollected {
  /** In the order of the records; the first ones. */
  readonly draws: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    /** As it was typed. */
    readonly number: string;
    readonly seed: string;
  }[];
  readonly count: number;
}

/** More are not named. */
const MOST = 40;

/** Draws over the same window, whatever they were drawn for: each has a seed of its own, for the chain had grown. */
export function draws(parameters: unknown): Collector {
  const { from, to } = parametersOf(parameters);
  const found: DrawsCollected['draws'][number][] = [];
  let count = 0;
  return {
    actions: ['tenant.report_generated'],
    take: (entry) => {
      const { seq, record } = entry;
      const data = dataOf(entry, 'tenant.report_generated');
      if (record.outcome !== 'success' || data?.kind !== SAMPLE_DRAW || data.from !== from || data.to !== to) return;
      count++;
      if (found.length >= MOST) return;
      const number = data.format.replace(/^number /, '').slice(0, 20);
      found.push({ seq, time: record.time, by: record.actor.id, number, seed: data.digest });
    },
    end: (): DrawsCollected => ({ draws: found, count }),
  };
}

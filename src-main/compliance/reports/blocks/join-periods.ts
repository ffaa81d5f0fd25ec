import type { ReportState } from '#shared/model/report.ts';
import type { EvaluatedPeriod } from '../../evaluation/evaluation.ts';

/** The worst first: what one square of several says. */
const WORST: readonly ReportState[] = ['missed', 'not-due', 'met', 'no-data'];

/** As many periods as can be drawn: where there are more, neighbours are told as one, by the worst of them. */
export function joinPeriods(
  periods: readonly EvaluatedPeriod[],
  most: number,
): { from: string; to: string; count: number; state: ReportState }[] {
  const each = Math.max(1, Math.ceil(periods.length / most));
  const joined = [];
  for (let at = 0; at < periods.length; at += each) {
    const some = periods.slice(at, at + each);
    const [first, last] = [some[0], some.at(-1)];
    if (first === undefined || last === undefined) break;
    joined.push({
      from: first.from,
      to: last.to,
      count: some.reduce((sum, period) => sum + period.count, 0),
      state: WORST.find((state) => some.some((period) => period.state === state)) ?? first.state,
    });
  }
  return joined;
}

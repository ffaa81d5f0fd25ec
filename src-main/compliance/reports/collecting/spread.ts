import { AuditAction } from '#shared/model/audit-actions.ts';
import { type Collector, isWithin, parametersOf, spanOf } from './collector.ts';

/** How the records in scope lie in the window. */
export interface SpreadCollected {
  /** By calendar month, UTC: "2026-03". */
  readonly months: readonly { readonly month: string; readonly count: number }[];
  /** The first record in the last tenth of the window, of any action in scope; null when there is none. */
  readonly lastTenth: number | null;
  /** Records in scope before that tenth. */
  readonly before: number;
}

export function spread(parameters: unknown): Collector {
  const span = spanOf(parameters);
  const { actions, actors } = parametersOf(parameters);
  const only = Array.isArray(actors) ? new Set<unknown>(actors) : null;
  const months = new Map<string, number>();
  const late = span.to - Math.floor((span.to - span.from) / 10);
  let lastTenth: number | null = null;
  let before = 0;
  return {
    actions: AuditAction.array().parse(actions),
    take: ({ seq, time, record }) => {
      if (!isWithin(span, time) || (only !== null && !only.has(record.actor.id))) return;
      const month = record.time.slice(0, 7);
      months.set(month, (months.get(month) ?? 0) + 1);
      if (time < late) before++;
      else lastTenth ??= seq;
    },
    end: (): SpreadCollected => ({
      months: [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([month, count]) => ({ month, count })),
      lastTenth,
      before,
    }),
  };
}

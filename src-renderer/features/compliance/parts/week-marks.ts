import type { PeriodCell } from '#shared/ipc/compliance-views.ts';
import type { ReportState } from '#shared/model/report.ts';

export const CELL = 10;
const SIZE = 8;
const HEIGHT = 16;

/** How a period is drawn. Each has a shape of its own, so that none is told by its colour alone. */
export type Mark = 'ran' | 'late' | 'missed' | 'to-come' | 'idle';
export const MARKS: readonly Mark[] = ['ran', 'late', 'missed', 'to-come', 'idle'];

export const MARK_NAMES: Readonly<Record<Mark, string>> = {
  ran: 'ran',
  late: 'late',
  missed: 'missed',
  'to-come': 'to come',
  idle: 'nothing due',
};

export function markOf(state: ReportState): Mark {
  switch (state) {
    case 'met':
      return 'ran';
    case 'late':
      return 'late';
    case 'missed':
      return 'missed';
    case 'not-due':
      return 'to-come';
    default:
      return 'idle';
  }
}

/** The outline of one mark in a cell that begins at `x`, 16 high. */
export function drawMark(mark: Mark, x: number): string {
  const right = x + SIZE;
  switch (mark) {
    case 'ran':
      return `M${x} 0H${right}V${HEIGHT}H${x}Z`;
    case 'late':
      return `M${x} ${HEIGHT / 2}H${right}V${HEIGHT}H${x}Z`;
    case 'missed':
      return `M${x + 1} 3 ${right - 1} 13M${right - 1} 3 ${x + 1} 13`;
    case 'to-come':
      return `M${x + 0.75} .75H${right - 0.75}V${HEIGHT - 0.75}H${x + 0.75}Z`;
    case 'idle':
      return `M${x + 2} ${HEIGHT / 2}H${right - 2}`;
  }
}

/** One path a kind of mark: sixty controls of fifty-three weeks are some hundred elements, not thousands. */
export function drawMarks(periods: readonly PeriodCell[]): readonly { readonly mark: Mark; readonly path: string }[] {
  const paths = new Map<Mark, string>();
  periods.forEach(({ state }, index) => {
    const mark = markOf(state);
    paths.set(mark, (paths.get(mark) ?? '') + drawMark(mark, index * CELL));
  });
  return MARKS.flatMap((mark) => {
    const path = paths.get(mark);
    return path === undefined ? [] : [{ mark, path }];
  });
}

/** "48 ran, 2 missed, 3 to come": the same for those who hear it. */
export function spellMarks(periods: readonly PeriodCell[], unit: string): string {
  const counts = MARKS.map((mark) => ({ mark, count: periods.filter(({ state }) => markOf(state) === mark).length }));
  const told = counts.filter(({ count }) => count > 0).map(({ mark, count }) => `${count} ${MARK_NAMES[mark]}`);
  return told.length === 0 ? `no ${unit}` : `${periods.length} ${unit}: ${told.join(', ')}`;
}

import type { Block, ReportException } from '#shared/model/report.ts';

/** What is a kind's own in a report. */
export interface KindContent {
  readonly blocks: readonly Block[];
  /** Found by this report, besides those of the controls. */
  readonly exceptions?: readonly ReportException[];
  /** Of the controls' exceptions those it is about; all of them where it is not said. */
  readonly concerns?: (exception: ReportException) => boolean;
  readonly inclusion?: readonly string[];
  readonly exclusion?: readonly string[];
  readonly warnings?: readonly string[];
}

/** An exception a report finds by itself: named by what it is about, as those of controls are. */
export function exceptionOf(given: {
  readonly report: string;
  readonly kind: string;
  readonly text: string;
  readonly seq: number;
  readonly time: string;
  readonly fixedBy?: number | null;
}): ReportException {
  const { report, kind, text, seq, time, fixedBy = null } = given;
  const state = fixedBy === null ? 'open' : 'fixed';
  return { id: `${report}:${kind}:${seq}`, control: null, kind, text, seq, time, state, fixedBy };
}

import { CausewayError, describeError } from '#shared/errors.ts';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { JudgedReport } from '../reports/judge-bundled.ts';
import { openReportThread, type ReportThread } from '../reports/open-report.ts';
import type { ReportLimits } from '../reports/report-file.ts';
import type { BundleEntry } from './manifest.ts';

/** Of report files that are tried, whatever comes of it. */
const MOST_REPORTS = 64;
/** Of one report. */
const MOST_EXCEPTIONS = 2000;
/** Of all of them together: the answer is held, copied and shown. */
const MOST_EXCEPTIONS_LISTED = 10_000;
const MOST_DRAWN_LISTED = 200_000;
/** A page is what people read: it is named before the same report as data. */
const READ = ['.html', '.json'];

export interface ReportsLimits {
  /** Files that are tried. */
  readonly reports?: number | undefined;
  readonly file?: ReportLimits | undefined;
  /** MiB of the thread that reads them. */
  readonly heapMb?: number | undefined;
}

export interface ReportReading {
  /** Where the file of an entry is. */
  readonly pathOf: (file: string) => string;
  readonly chain: string;
  /** Those the chain file introduces, which verifies. */
  readonly keys: readonly KeyDescription[];
  readonly problem: (file: string, text: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ReportsLimits | undefined;
}

/**
 * The reports of a bundle, each once, from the files that are as the manifest says. PDFs show a report, and hold no data.
 * Each is read on a thread: whoever made the folder may have signed anything with a chain of their own.
 * @throws CausewayError `cancelled`
 */
export async function readReports(
  entries: readonly BundleEntry[],
  reading: ReportReading,
): Promise<BundleView['reports']> {
  const { signal, limits = {}, problem } = reading;
  const found = new Map<string, BundleView['reports'][number]>();
  const ordered = READ.flatMap((ending) => entries.filter(({ file }) => file.endsWith(ending)));
  const tried = ordered.slice(0, limits.reports ?? MOST_REPORTS);
  const [left] = ordered.slice(tried.length);
  if (left !== undefined) {
    const text = `Of ${ordered.length} files of reports only the first ${tried.length} are read; this one and what follows are not.`;
    problem(left.file, text);
  }
  const thread = openReportThread({ signal, limits: limits.file, heapMb: limits.heapMb });
  const most = { exceptions: MOST_EXCEPTIONS_LISTED, drawn: MOST_DRAWN_LISTED };
  try {
    for (const entry of tried) {
      const judged = await judgeOne(thread, entry, reading, {
        exceptions: Math.min(MOST_EXCEPTIONS, most.exceptions),
        drawn: most.drawn,
      });
      for (const text of judged?.problems ?? []) problem(entry.file, text);
      if (judged === null || found.has(judged.view.digest)) continue;
      found.set(judged.view.digest, judged.view);
      most.exceptions -= judged.view.exceptions.length;
      most.drawn -= judged.view.samples.reduce((sum, { seqs }) => sum + seqs.length, 0);
    }
  } finally {
    await thread.close();
  }
  return [...found.values()];
}

async function judgeOne(
  thread: ReportThread,
  { file, digest }: BundleEntry,
  { pathOf, chain, keys, problem }: ReportReading,
  most: { readonly exceptions: number; readonly drawn: number },
): Promise<JudgedReport | null> {
  try {
    return await thread.judge(pathOf(file), digest, { file, chain, keys, most });
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'cancelled') throw error;
    const why = error instanceof CausewayError ? error.message : describeError(error);
    problem(file, why.slice(0, 1900));
    return null;
  }
}

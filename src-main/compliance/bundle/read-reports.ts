import { verifyDocument } from '#main/audit/signed-document.ts';
import { readSmallFile } from '#main/platform/atomic-file.ts';
import { describeError } from '#shared/errors.ts';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { digestOf } from '../reports/build-report.ts';
import { readReportFile } from '../reports/report-file.ts';
import { REPORT_FORMAT } from '../reports/sign-report.ts';
import type { BundleEntry } from './manifest.ts';

const MOST_REPORTS = 64;
const MOST_EXCEPTIONS = 2000;
const MOST_REPORT_BYTES = 256 * 1024 * 1024;
/** A page is what people read: it is named before the same report as data. */
const READ = ['.html', '.json'];

export interface ReportReading {
  /** Where the file of an entry is. */
  readonly pathOf: (file: string) => string;
  readonly chain: string;
  /** Those the chain file introduces; null where it does not verify, so that nobody knows. */
  readonly keys: readonly KeyDescription[] | null;
  readonly problem: (file: string, text: string) => void;
}

/** The reports of a bundle, each once, from the files that are as the manifest says. PDFs show a report, and hold no data. */
export async function readReports(
  entries: readonly BundleEntry[],
  reading: ReportReading,
): Promise<BundleView['reports']> {
  const found = new Map<string, BundleView['reports'][number]>();
  const ordered = READ.flatMap((ending) => entries.filter(({ file }) => file.endsWith(ending)));
  for (const { file } of ordered) {
    const view = await readOne(file, reading);
    if (view === null || found.has(view.digest)) continue;
    if (found.size === MOST_REPORTS) {
      reading.problem(file, `A bundle holds ${MOST_REPORTS} reports at most; this one is not looked at.`);
      continue;
    }
    found.set(view.digest, view);
  }
  return [...found.values()];
}

async function readOne(
  file: string,
  { pathOf, chain, keys, problem }: ReportReading,
): Promise<BundleView['reports'][number] | null> {
  try {
    const { signed, misform } = readReportFile(await readSmallFile(pathOf(file), MOST_REPORT_BYTES));
    const { document, digest, signature } = signed;
    if (misform !== null) problem(file, misform);
    if (digestOf(document) !== digest) problem(file, 'The report was changed: its digest is not that of what it says.');
    if (document.system.chain !== chain)
      problem(file, 'The report is about another chain than the one in this folder.');
    if (keys !== null) {
      const held = verifyDocument(keys, REPORT_FORMAT, digest, signature);
      if (held === 'unknown-key') problem(file, 'The report is signed by a key that is none of this chain.');
      else if (held === 'wrong') problem(file, 'The signature of the report does not hold.');
    }
    return {
      file,
      kind: document.kind,
      title: document.title,
      window: document.window,
      digest,
      exceptions: document.exceptions.slice(0, MOST_EXCEPTIONS),
      samples: (document.sample?.drawn ?? []).map(({ control, seqs }) => ({ control, seqs })),
    };
  } catch (error) {
    problem(file, `The report cannot be read: ${describeError(error)}`.slice(0, 1900));
    return null;
  }
}

import { canonicalBytes } from '#main/audit/canonical.ts';
import { hashRecord } from '#main/audit/hash.ts';
import { type DocumentFormat, verifyDocument } from '#main/audit/signed-document.ts';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import type { SignedReport } from '#shared/model/report.ts';
import type { ReportFile } from './report-file.ts';

/** That of sign-report.ts, which brings all that makes a report with it: a thread starts with what reading one needs. */
const FORMAT = 'causeway-report/1' satisfies DocumentFormat;

/** What a report is judged by that lies in a bundle with its chain. */
export interface BundledTerms {
  readonly file: string;
  readonly chain: string;
  /** Those the chain file introduces. */
  readonly keys: readonly KeyDescription[];
  /** How many of each are still listed: the answer about a bundle is shown, and goes from process to process. */
  readonly most: { readonly exceptions: number; readonly drawn: number };
}

export interface JudgedReport {
  readonly view: BundleView['reports'][number];
  readonly problems: readonly string[];
}

/** Form, digest, chain and signature of a report; whether its figures follow from the chain is another question. */
export function judgeBundled({ signed, misform }: ReportFile, terms: BundledTerms): JudgedReport {
  const { document, digest, signature } = signed;
  const problems: string[] = [];
  if (misform !== null) problems.push(misform);
  if (hashRecord(canonicalBytes(document)) !== digest)
    problems.push('The report was changed: its digest is not that of what it says.');
  if (document.system.chain !== terms.chain) {
    problems.push('The report is about another chain than the one in this folder.');
  }
  const held = verifyDocument(terms.keys, FORMAT, digest, signature);
  if (held === 'unknown-key') problems.push('The report is signed by a key that is none of this chain.');
  else if (held === 'wrong') problems.push('The signature of the report does not hold.');
  return { view: viewOf(signed, terms), problems };
}

function viewOf({ document, digest }: SignedReport, { file, most }: BundledTerms): JudgedReport['view'] {
  const { kind, title, window } = document;
  const exceptions = document.exceptions.slice(0, most.exceptions);
  const samples: JudgedReport['view']['samples'] = [];
  let drawn = 0;
  let listed = 0;
  for (const { control, seqs } of document.sample?.drawn ?? []) {
    const some = seqs.slice(0, most.drawn - listed);
    drawn += seqs.length;
    listed += some.length;
    samples.push({ control, seqs: some });
  }
  const whole = exceptions.length === document.exceptions.length && listed === drawn;
  const counts = whole ? {} : { counts: { exceptions: document.exceptions.length, drawn } };
  return { file, kind, title, window, digest, exceptions, ...counts, samples };
}

import type { DocumentFormat, DocumentSignature } from '#main/audit/signed-document.ts';
import { type ReportDocument, SignedReport } from '#shared/model/report.ts';
import { digestOf } from './build-report.ts';

/** Named in what is signed, so that no signature over anything else passes for one over a report. */
export const REPORT_FORMAT = 'causeway-report/1' satisfies DocumentFormat;

export interface DocumentSigner {
  signDocument(format: DocumentFormat, digest: string): Promise<DocumentSignature>;
}

/**
 * Signs a report with the chain's key. What a person reads and what is signed are the same document: nothing is added to
 * it afterwards. @throws CausewayError as the key's use does
 */
export async function signReport(store: DocumentSigner, document: ReportDocument): Promise<SignedReport> {
  const digest = digestOf(document);
  const { key, alg, value } = await store.signDocument(REPORT_FORMAT, digest);
  return SignedReport.parse({ document, digest, signature: { key, alg, value } });
}

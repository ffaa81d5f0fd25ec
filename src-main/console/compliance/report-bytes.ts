import { reportFile, reportJson } from '#main/compliance/reports/report-file.ts';
import { CausewayError } from '#shared/errors.ts';
import type { SignedReport } from '#shared/model/report.ts';
import type { PrintPage, ReportFormat } from './compliance-desk.ts';

/** A report as a file. @throws CausewayError `bad-input` (`no-printer`) for a PDF where there is no window */
export async function bytesOf(
  signed: SignedReport,
  format: ReportFormat,
  print: PrintPage | undefined,
): Promise<Uint8Array> {
  switch (format) {
    case 'html':
      return Buffer.from(reportFile(signed), 'utf8');
    case 'json':
      return Buffer.from(reportJson(signed), 'utf8');
    case 'pdf':
      if (print === undefined) {
        const text = 'A PDF is made in the window. Save the report as .html, and print it from there.';
        throw new CausewayError('bad-input', text, { reason: 'no-printer' });
      }
      return print(reportFile(signed));
  }
}

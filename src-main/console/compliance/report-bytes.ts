import { writeReport } from '#main/compliance/reports/write-report.ts';
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
    case 'json':
      return writeReport(signed, format);
    case 'pdf':
      if (print === undefined) {
        const text = 'A PDF is made in the window. Save the report as .html, and print it from there.';
        throw new CausewayError('bad-input', text, { reason: 'no-printer' });
      }
      return print(Buffer.from(await writeReport(signed, 'html')).toString('utf8'));
  }
}

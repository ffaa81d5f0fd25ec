import { startWorker } from '#main/platform/workers.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ReportDocument, SignedReport } from '#shared/model/report.ts';
import type { FromReportThread } from './open-report.ts';
import { reportFile, reportJson } from './report-file.ts';

export type WrittenFormat = 'html' | 'json';

/** For the thread of reports: one of our own to be written, in the form it has in a file. */
export interface WriteTask {
  readonly write: SignedReport;
  readonly format: WrittenFormat;
}

const WORKER = 'compliance/reports/report-worker';
/** MiB. A page of 200,000 rows has 100 MB, and stands there as a text and as bytes. */
const HEAP_MB = 2048;
/** Fewer are written before a thread is there. */
const MOST_AT_ONCE = 2_000;

/**
 * A report as the bytes of its file. A long one is written on a thread: it takes seconds, in which a window would not answer.
 * @throws CausewayError `internal` when the thread ends before it is done
 */
export async function writeReport(signed: SignedReport, format: WrittenFormat): Promise<Uint8Array> {
  if (linesOf(signed.document) <= MOST_AT_ONCE) return reportBytes({ write: signed, format });
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const onMessage = (raw: unknown) => {
    const message = raw as FromReportThread; // of our own thread, of this version
    if (message.type === 'bytes') resolve(message.bytes);
    else reject(notWritten(message.type === 'failed' ? new Error(message.text) : null));
  };
  const thread = startWorker(WORKER, null, { onMessage, heapMb: HEAP_MB });
  thread.ended.then(() => reject(notWritten(null)), reject);
  try {
    thread.send({ write: signed, format } satisfies WriteTask);
    return await promise;
  } finally {
    await thread.stop();
  }
}

function notWritten(cause: Error | null): CausewayError {
  return new CausewayError('internal', 'The report could not be written out.', cause === null ? {} : { cause });
}

/** On whatever thread it is asked for. */
export const reportBytes = ({ write, format }: WriteTask): Uint8Array =>
  Buffer.from(format === 'html' ? reportFile(write) : reportJson(write), 'utf8');

/** Rows, entries and exceptions: what the length of a page grows with. */
const linesOf = ({ blocks, exceptions }: ReportDocument): number =>
  blocks.reduce((sum, block) => {
    if (block.block === 'table') return sum + block.rows.length;
    return block.block === 'timeline' ? sum + block.entries.length : sum;
  }, exceptions.length);

import { parentPort } from 'node:worker_threads';
import { hashRecord } from '#main/audit/hash.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import { judgeBundled } from './judge-bundled.ts';
import type { FromReportThread, ReportTask } from './open-report.ts';
import { readReportBytes } from './report-bytes.ts';
import { readReportFile } from './report-file.ts';
import { reportBytes, type WriteTask } from './write-report.ts';

/** A thread that reads report files of somebody else, one after the other, until it is stopped, or writes one of our own. */
const port = parentPort;
if (port === null) throw new Error('this file is run as a worker');
port.on('message', (task: ReportTask | WriteTask) => {
  answer(task).then(
    (message) => port.postMessage(message),
    (error: unknown) => port.postMessage(failure(error)),
  );
});

async function answer(task: ReportTask | WriteTask): Promise<FromReportThread> {
  return 'write' in task ? { type: 'bytes', bytes: reportBytes(task) } : read(task);
}

async function read({ path, limits, bundled }: ReportTask): Promise<FromReportThread> {
  const bytes = await readReportBytes(path, limits.bytes, bundled === null);
  if (bundled === null) {
    readReportFile(bytes, limits);
    return { type: 'bytes', bytes };
  }
  // of the very bytes that are read now: the file may be another one since it was looked at
  if (hashRecord(bytes) !== bundled.digest) {
    throw new CausewayError('bad-input', 'It was changed while the bundle was read.', { reason: 'changed' });
  }
  return { type: 'judged', report: judgeBundled(readReportFile(bytes, limits), bundled.terms) };
}

function failure(error: unknown): FromReportThread {
  if (error instanceof CausewayError) {
    return { type: 'failed', code: error.code, reason: error.reason, text: error.message };
  }
  const text = `This report cannot be read: ${describeError(error)}`;
  return { type: 'failed', code: 'bad-input', reason: 'unreadable', text };
}

import { hash } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AuditStore } from '#main/audit/store.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import type { Random } from '#main/platform/random.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { SavedFile } from './compliance-desk.ts';

export interface Recording {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly by: Principal;
  readonly random: Random;
}

/** What the record says besides the digest of the file. */
export type ReportRecord = Omit<AuditData<'tenant.report_generated'>, 'digest'>;

/**
 * Writes a report's file. It appears under its name only when it is complete, durable, and on record with its digest;
 * when it cannot appear, that is on record, too.
 * @throws CausewayError `disk-full`, `read-only`, `audit-unavailable`
 */
export async function saveOnRecord(
  { audit, by, random }: Recording,
  file: string,
  bytes: Uint8Array,
  record: ReportRecord,
): Promise<SavedFile> {
  const digest = hash('sha256', bytes, 'hex');
  const partial = join(dirname(file), `.${basename(file)}.${Buffer.from(random.bytes(6)).toString('hex')}.partial`);
  const append = (outcome: 'success' | 'failure') => recordReport({ audit, by }, bytes, record, outcome);
  try {
    await writeDurably(partial, bytes);
    await append('success');
    try {
      await rename(partial, file);
    } catch (error) {
      await append('failure');
      throw error;
    }
  } catch (error) {
    await unlink(partial).catch(() => undefined); // not there when it could not be created
    throw error instanceof CausewayError ? error : notWritten(file, error);
  }
  return { file, bytes: bytes.length, digest };
}

/** Puts a report's file on record. @throws CausewayError `audit-unavailable` */
export function recordReport(
  { audit, by }: Pick<Recording, 'audit' | 'by'>,
  bytes: Uint8Array,
  record: ReportRecord,
  outcome: 'success' | 'failure' = 'success',
): Promise<string> {
  return appendOrRefuse(
    audit,
    {
      action: 'tenant.report_generated',
      outcome,
      actor: actorOf(by),
      device: deviceOf(by),
      target: { type: 'report', id: record.kind ?? record.framework },
      data: { ...record, digest: hash('sha256', bytes, 'hex') },
    },
    'so the report was not saved',
  );
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notWritten(file: string, cause: unknown): CausewayError {
  const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
  const text = `The file ${file} cannot be written. Choose another place and save it again.`;
  return new CausewayError(full ? 'disk-full' : 'read-only', text, { cause });
}

import { hash } from 'node:crypto';
import type { AuditStore } from '#main/audit/store.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import type { Random } from '#main/platform/random.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import { type SavedFile, saveFile } from '../save-file.ts';

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
  const append = (outcome: 'success' | 'failure') => recordReport({ audit, by }, bytes, record, outcome);
  let recorded = false;
  try {
    return await saveFile(file, bytes, random, async () => {
      await append('success');
      recorded = true;
    });
  } catch (error) {
    if (recorded) await append('failure');
    throw error;
  }
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

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { parseNote } from '../checkpoint.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { toStoredRecord } from '../stored-record.ts';
import type { RegisteredBreak } from './break-register.ts';
import { INCIDENTS_FOLDER, readIncidentBundle } from './incident-bundle.ts';

/** What the record of an acknowledgement has as `change`. */
export const BREAK_ACKNOWLEDGED = 'break-acknowledged';

/**
 * Acknowledgements that stand in the chain and are not in the keychain: it was interrupted before it was told, or its
 * entries were taken out. What they were about is in their bundles; without those the record alone is listed.
 */
export async function recordedAcknowledgements(
  rows: SqliteRows,
  folder: string,
  known: readonly RegisteredBreak[],
): Promise<RegisteredBreak[]> {
  const digests = new Set(known.map(({ bundle }) => bundle.digest));
  const found: RegisteredBreak[] = [];
  for (const row of rows.byAction('tenant.protection_change_approved')) {
    const record = readRecord(row);
    if (record === null || record.outcome !== 'success') continue;
    const data = AUDIT_DATA['tenant.protection_change_approved'].safeParse(record.data);
    if (!data.success || data.data.change !== BREAK_ACKNOWLEDGED || digests.has(data.data.changeDigest)) continue;
    digests.add(data.data.changeDigest);
    found.push(...(await breaksOf(join(folder, INCIDENTS_FOLDER), data.data.changeDigest, record)));
  }
  return found;
}

async function breaksOf(folder: string, digest: string, record: AuditRecord): Promise<RegisteredBreak[]> {
  const acknowledged = { at: record.time, seq: record.seq, by: record.actor.id };
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.includes(digest.slice(0, 12)));
  for (const name of names) {
    const read = await readIncidentBundle(join(folder, name));
    if (typeof read === 'string' || read.digest !== digest) continue;
    const { breaks, checkpoints, time } = read.incident;
    return breaks.map((one) => {
      const note = parseNote(checkpoints.find(({ source }) => source === one.source)?.note ?? '');
      const superseded = typeof note === 'string' ? null : { size: note.size, root: note.root };
      return { ...one, foundAt: time, bundle: { name, digest }, superseded, acknowledged };
    });
  }
  const text = `A break of the history was acknowledged in record ${record.seq}; its incident bundle is gone.`;
  const lost = { id: digest.slice(0, 16), kind: 'checkpoint-missing' as const, text, foundAt: record.time };
  return [{ ...lost, source: null, seq: null, bundle: { name: '', digest }, superseded: null, acknowledged }];
}

/** null when the row is no record: verification names it. */
function readRecord(row: Parameters<typeof toStoredRecord>[0]): AuditRecord | null {
  try {
    return toStoredRecord(row)?.record ?? null;
  } catch {
    return null;
  }
}

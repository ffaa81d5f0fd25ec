import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { type AuditRecord, RecordEnvelope } from '#shared/model/audit-record.ts';
import { summarize } from './export-lines.ts';
import { holdsProto } from './json-proto.ts';

/**
 * The record when it is one by section 1 and by its action's data schema, otherwise what is wrong. The value itself is
 * returned, not a copy made by the schema: what was checked is what was hashed.
 */
export function checkRecordSchema(value: unknown): AuditRecord | string {
  const envelope = RecordEnvelope.safeParse(value);
  if (!envelope.success) return summarize(envelope.error);
  const record = value as AuditRecord;
  const data = AUDIT_DATA[record.action].safeParse(record.data);
  if (!data.success) return `data of ${record.action}: ${summarize(data.error)}`;
  // a member called __proto__ is passed over by schemas, so it is looked for here
  if (holdsProto(record)) return 'a member is called __proto__';
  if ((record.seq === 1) !== (record.action === 'tenant.created')) return 'tenant.created is the first record, only';
  if (record.seq === 1 && record.outcome !== 'success') return 'tenant.created has no outcome but success';
  for (const [member, actor] of Object.entries({ actor: record.actor, onBehalfOf: record.onBehalfOf })) {
    if (actor?.type === 'user' && typeof actor.name === 'string')
      return `/${member}/name: the name of a user is sealed`;
  }
  if (record.action === 'credential.key_rotated') {
    const { purpose, newKey } = record.data;
    if ((purpose === 'signing') !== (newKey !== undefined)) return 'newKey stands exactly where purpose is signing';
  }
  return record;
}

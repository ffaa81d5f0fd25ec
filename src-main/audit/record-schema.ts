import { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { type AuditRecord, RecordEnvelope } from '#shared/model/audit-record.ts';
import { holdsProto } from './json-proto.ts';
import { isObject } from './json-read.ts';
import { Misfit } from './schema-misfit.ts';

/**
 * The record when it is one by section 1 and by its action's data schema, otherwise what is wrong. The value itself is
 * returned, not a copy made by the schema: what was checked is what was hashed.
 */
export function checkRecordSchema(value: unknown): AuditRecord | string {
  if (!isObject(value)) return 'the record is not an object';
  const misfit = new Misfit();
  const envelope = RecordEnvelope.safeParse(value);
  const fits = envelope.success && AUDIT_DATA[envelope.data.action].safeParse(envelope.data.data).success;
  checkRules(value, misfit);
  if (fits && misfit.least === null) return value as AuditRecord;
  misfit.check(RecordEnvelope, value);
  const action = AuditAction.safeParse(value.action);
  if (action.success && isObject(value.data)) misfit.check(AUDIT_DATA[action.data], value.data, '/data');
  return `${misfit.least ?? ''} does not fit ${action.success ? action.data : 'a record'}`;
}

/** What no schema of a single member says. */
function checkRules(record: Readonly<Record<string, unknown>>, misfit: Misfit): void {
  const { seq, action, outcome, data } = record;
  if (holdsProto(record)) misfit.proto(record);
  if ((seq === 1) !== (action === 'tenant.created')) misfit.at('/action');
  if (seq === 1 && outcome !== 'success') misfit.at('/outcome');
  for (const member of ['actor', 'onBehalfOf']) {
    const actor = record[member];
    if (isObject(actor) && actor.type === 'user' && typeof actor.name === 'string') misfit.at(`/${member}/name`);
  }
  if (action === 'credential.key_rotated' && isObject(data)) {
    if ((data.purpose === 'signing') !== Object.hasOwn(data, 'newKey')) misfit.at('/data/newKey');
  }
}

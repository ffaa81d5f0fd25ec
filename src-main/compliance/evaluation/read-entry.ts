import { isAscii, isUtf8 } from 'node:buffer';
import { isObject } from '#main/audit/json-read.ts';
import { AUDIT_ACTIONS } from '#shared/model/audit-actions.ts';
import { ActorType, type AuditRecord, Outcome } from '#shared/model/audit-record.ts';

export type RecordMembers = Readonly<Record<string, unknown>>;

/** A record's members as they are, without a look at whether they are what they should be; null when it is no JSON object. */
export function readMembers(bytes: Uint8Array): RecordMembers | null {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const ascii = isAscii(buffer);
  if (!ascii && !isUtf8(buffer)) return null;
  try {
    const value: unknown = JSON.parse(ascii ? buffer.toString('latin1') : buffer.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const ACTIONS: ReadonlySet<unknown> = new Set(AUDIT_ACTIONS);
const OUTCOMES: ReadonlySet<unknown> = new Set(Outcome.options);
const ACTORS: ReadonlySet<unknown> = new Set(ActorType.options);

/**
 * Whether the members every record has are of their form, so that a test may rest on them; what `data` holds is each
 * test's own concern. Quicker than the schema by far, for it is asked of every record; the schema's rules of form (canonical
 * text, patterns of hashes) are the verifier's.
 */
export function isEntry(members: RecordMembers): boolean {
  const { action, outcome, actor, onBehalfOf, target, links, data } = members;
  return (
    ACTIONS.has(action) &&
    OUTCOMES.has(outcome) &&
    isActor(actor) &&
    (onBehalfOf === undefined || isActor(onBehalfOf)) &&
    isObject(target) &&
    isText(target.type, 64) &&
    isText(target.id, 1024) &&
    (links === undefined || isLinks(links)) &&
    isObject(data)
  );
}

/** The same, for whom the compiler asks. */
export function asRecord(members: RecordMembers): AuditRecord {
  return members as AuditRecord;
}

function isActor(value: unknown): boolean {
  return isObject(value) && ACTORS.has(value.type) && isText(value.id, 128);
}

function isLinks(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) if (!isText(value[name], 64)) return false;
  return true;
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

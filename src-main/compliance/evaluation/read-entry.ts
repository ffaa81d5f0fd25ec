import { isAscii, isUtf8 } from 'node:buffer';
import { MAX_DEPTH } from '#main/audit/canonical.ts';
import { nestsDeeperThan } from '#main/audit/json-depth.ts';
import { isObject } from '#main/audit/json-read.ts';
import { PlainRecords } from '#main/audit/plain-record.ts';
import { recordPatterns } from '#main/audit/record-patterns.ts';
import { checkRecordSchema } from '#main/audit/record-schema.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';

export type RecordMembers = Readonly<Record<string, unknown>>;

/** A record's members as they are, without a look at whether they are what they should be; null when it is no JSON object. */
export function readMembers(bytes: Uint8Array): RecordMembers | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const ascii = isAscii(buffer);
  if (!ascii && !isUtf8(buffer)) return null;
  try {
    const value: unknown = JSON.parse(ascii ? buffer.toString('latin1') : buffer.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Tells records that keep the chain format by themselves: what a fold is shown has the form of its action. */
export class RecordForm {
  readonly #plain: PlainRecords;

  constructor(chain: string, tenant: string) {
    this.#plain = new PlainRecords(recordPatterns(chain, tenant));
  }

  /** The record, or what is wrong with it. `members` are those of the bytes. */
  check(bytes: Uint8Array, members: RecordMembers): AuditRecord | string {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#plain.read(buffer) !== null) return members as AuditRecord;
    if (nestsDeeperThan(buffer, MAX_DEPTH)) return `it nests deeper than ${MAX_DEPTH} levels`;
    return checkRecordSchema(members);
  }
}

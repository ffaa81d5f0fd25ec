import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { RecordEnvelope } from '#shared/model/audit-record.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import type { Disclosed, JsonValue } from './seal.ts';
import type { DisclosureRow, RecordRow, SqliteRows } from './sqlite-rows.ts';
import type { StoredRecord } from './store.ts';

const DisclosedShape = z.tuple([z.string(), z.unknown()]); // the vault's own, authenticated: JSON.parse gave JSON

/** A row as the store hands it out. @throws CausewayError `audit-broken` when its bytes are not a record */
export function toStoredRecord(row: RecordRow | undefined): StoredRecord | null {
  if (row === undefined) return null;
  const { seq, sig, bytes } = row;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw damaged(seq, cause);
  }
  const record = RecordEnvelope.safeParse(value);
  if (!record.success) throw damaged(seq, record.error);
  return { seq, hash: row.hash.toString('hex'), sig, bytes, record: record.data };
}

/** What `read` gives, or null when a record it needs is damaged, which verification reports. */
export function unlessRecordDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return null;
    throw error;
  }
}

function damaged(seq: number, cause: unknown): CausewayError {
  const text = `Record ${seq} of the audit trail is damaged. Verify the trail and keep the file for examination.`;
  return new CausewayError('audit-broken', text, { cause, reason: 'record-damaged' });
}

export interface StoredDisclosure {
  readonly seq: number;
  readonly path: string;
  readonly disclosed: Disclosed;
}

interface VaultParts {
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
}

/** The disclosures of the records `first` to `last`, decrypted, in order of seq and path. */
export function storedDisclosures(parts: VaultParts, first: number, last: number): StoredDisclosure[] {
  return parts.rows.disclosurePlaces(first, last).map(({ seq, path }) => storedDisclosure(parts, seq, path));
}

/** The disclosure at a place, decrypted. @throws CausewayError `audit-broken` when it was changed or its key is gone */
export function storedDisclosure(parts: VaultParts, seq: number, path: string): StoredDisclosure {
  const row = parts.rows.disclosure(seq, path);
  const disclosed = row === undefined ? null : openDisclosure(parts, row);
  if (disclosed !== null) return { seq, path, disclosed };
  const text = `A personal value of record ${seq} cannot be decrypted. Verify the trail.`;
  throw new CausewayError('audit-broken', text, { reason: 'disclosure-damaged' });
}

/** null when the row was changed, or its key is gone. */
export function openDisclosure({ rows, vault }: VaultParts, row: DisclosureRow): Disclosed | null {
  const wrapped = rows.subject(row.subject);
  if (wrapped === undefined) return null;
  try {
    const key = vault.unwrapSubjectKey(row.subject, wrapped);
    const plain = vault.open(key, row.seq, row.path, row.box);
    return DisclosedShape.parse(JSON.parse(plain.toString('utf8'))) as readonly [string, JsonValue];
  } catch {
    return null; // authentication failed: told apart by the caller, with the place it is about
  }
}

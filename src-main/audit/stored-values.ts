import type { DisclosureVault } from './disclosure-vault.ts';
import { ErasedPlaces } from './erased-places.ts';
import { hashRecord, signedText } from './hash.ts';
import { isObject, readJson } from './json-read.ts';
import type { KeyRing } from './key-ring.ts';
import { verifySignature } from './keys.ts';
import type { ProblemList } from './problems.ts';
import { checkRecordSchema } from './record-schema.ts';
import { findSealed } from './seal.ts';
import { mayHoldSealed } from './sealed-mark.ts';
import type { RecordRow, SqliteRows } from './sqlite-rows.ts';

/** Records held at a time: each may have 4 MiB. */
const CHUNK = 32;

/** JSON pointer to digest for the sealed values of a stored record; empty when there is none that can be read. */
export function sealedOf(row: RecordRow | undefined): ReadonlyMap<string, string> {
  if (row === undefined || !mayHoldSealed(row.bytes)) return new Map();
  const reading = readJson(row.bytes);
  return reading.ok && isObject(reading.value) ? findSealed(reading.value) : new Map<string, string>();
}

/**
 * Names the sealed values of the records `from + 1` to `to` which the store has not, and which no erasure on record
 * explains. In a file somebody was given a value may be withheld; the chain's own store was there when it was sealed.
 */
export async function verifyKept(
  rows: SqliteRows,
  { from, to }: { readonly from: number; readonly to: number },
  isErased: (seq: number, path: string) => boolean,
  problems: ProblemList,
  pause: () => Promise<void> | void,
): Promise<void> {
  for (let done = from; done < to; ) {
    const chunk = rows.chunk(done, to, CHUNK);
    const last = chunk.at(-1)?.seq;
    if (last === undefined) return;
    const there = new Set(rows.disclosurePlaces(done + 1, last).map(({ seq, path }) => `${seq} ${path}`));
    for (const row of chunk) {
      for (const path of sealedOf(row).keys()) {
        if (there.has(`${row.seq} ${path}`) || isErased(row.seq, path)) continue;
        const text = `the value sealed at ${path} is missing, and no erasure of it is on record`;
        problems.add(0, 'disclosure', text, row.seq);
      }
    }
    done = last;
    await pause();
  }
}

/** The places the chain's erasure records name. One that is not signed by a key in force names nothing. */
export function storedErasures(rows: SqliteRows, ring: KeyRing): ErasedPlaces {
  const erased = new ErasedPlaces();
  for (const row of rows.byAction('tenant.erasure_completed')) {
    const reading = readJson(row.bytes);
    const record = reading.ok && isObject(reading.value) ? checkRecordSchema(reading.value) : null;
    if (record === null || typeof record === 'string' || record.seq !== row.seq) continue;
    if (record.action !== 'tenant.erasure_completed' || record.outcome !== 'success') continue;
    const entry = ring.get(record.key);
    const signed = entry !== undefined && ring.isInForce(entry, row.seq);
    if (!signed || !verifySignature(entry.key, signedText(hashRecord(row.bytes)), row.sig)) continue;
    for (const { seq, path } of placesOf(record.data)) if (seq < row.seq) erased.add(seq, path);
  }
  return erased;
}

/** The record kept the schema of its action. */
function placesOf(data: Readonly<Record<string, unknown>>): readonly { readonly seq: number; readonly path: string }[] {
  return Array.isArray(data.erased) ? (data.erased as { seq: number; path: string }[]) : [];
}

/** Keys of people no value is sealed for: one that this store did not make was put there by somebody else. */
export function verifyUnusedKeys(
  { rows, vault }: { readonly rows: SqliteRows; readonly vault: DisclosureVault },
  problems: ProblemList,
): void {
  const unused = rows.db.prepare<[], { readonly subject: Buffer; readonly wrapped: Buffer }>(
    `SELECT subject, wrapped FROM subject_key
     WHERE NOT EXISTS (SELECT 1 FROM disclosure WHERE disclosure.subject = subject_key.subject)`,
  );
  for (const { subject, wrapped } of unused.iterate()) {
    try {
      vault.unwrapSubjectKey(subject, wrapped);
    } catch {
      problems.add(
        0,
        'disclosure',
        `the key kept as ${subject.toString('hex').slice(0, 16)} was not made by this store`,
      );
    }
  }
}

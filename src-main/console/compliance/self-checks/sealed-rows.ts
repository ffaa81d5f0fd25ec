import { existsSync } from 'node:fs';
import path from 'node:path';
import { MANIFEST_PLACE } from '#main/credentials/vault/manifest.ts';
import { PROOF_PLACE } from '#main/credentials/vault/vault-db.ts';
import { wrappingKeyPlace } from '#main/credentials/vault/wrapping-keys.ts';
import { placeOf, SEAL_PLACE } from '#main/identity/people-db.ts';
import type { Cipher } from '#main/platform/cipher.ts';
import { type Database, openSnapshot } from '#main/platform/sqlite.ts';
import type { KeyPurpose } from '#main/platform/tenant-keys.ts';
import { type IncidentColumns, type InvestigationColumns, PLACES } from '#main/platform/workspace-db-schema.ts';

/** A value as it rests on disk, and what it is bound to. */
export interface SealedRow {
  readonly place: string;
  readonly sealed: Buffer;
}

export interface SealedDatabase {
  readonly file: string;
  /** Whose key of the workspace it is encrypted with. */
  readonly key: KeyPurpose;
  /** Those that prove the key, and the newest of the others. */
  readonly rows: readonly SealedRow[];
}

/** Of each table: enough to see what a database is written with, and soon read. */
const MOST_ROWS = 200;

interface Source {
  readonly file: string;
  readonly key: KeyPurpose;
  readonly read: (db: Database) => readonly SealedRow[];
}

const SOURCES: readonly Source[] = [
  { file: 'people.db', key: 'people', read: readPeople },
  { file: 'workspace.db', key: 'workspace', read: readWorkspace },
  { file: 'vault.db', key: 'vault', read: readVault },
];

/** What is sealed in the databases of a workspace that are there, as it stands on disk. */
export function readSealed(folder: string): readonly SealedDatabase[] {
  return SOURCES.filter(({ file }) => existsSync(path.join(folder, file))).map(({ file, key, read }) => ({
    file,
    key,
    rows: inSnapshot(folder, file, read),
  }));
}

/**
 * Reads one state of a database of the workspace, through SQLite: a file of a database that is opened and closed in any
 * other way takes away the locks this process holds on it (POSIX advisory locks).
 */
export function inSnapshot<T>(folder: string, file: string, read: (db: Database) => T): T {
  const db = openSnapshot(path.join(folder, file), 'a database of the workspace');
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Whether a value opens, with this key and there. */
export function opens(cipher: Cipher, { place, sealed }: SealedRow): boolean {
  try {
    cipher.open(sealed, place).fill(0);
    return true;
  } catch {
    return false;
  }
}

function readPeople(db: Database): SealedRow[] {
  const seals = db.prepare<[], Buffer>('SELECT document FROM seal').pluck().all();
  return [...seals.map((sealed) => ({ place: SEAL_PLACE, sealed })), ...peopleRows(db, null, MOST_ROWS)];
}

/** Entries of people.db, of one kind or of all. */
export function peopleRows(db: Database, kind: string | null, most: number): SealedRow[] {
  type Entry = { kind: string; id: string; document: Buffer };
  return db
    .prepare<[string | null, string | null, number], Entry>(
      'SELECT kind, id, document FROM entry WHERE ? IS NULL OR kind = ? ORDER BY kind, id LIMIT ?',
    )
    .all(kind, kind, most)
    .map((entry) => ({ place: placeOf(entry.kind, entry.id), sealed: entry.document }));
}

function readWorkspace(db: Database): SealedRow[] {
  type Incident = IncidentColumns & { document: Buffer };
  type Investigation = InvestigationColumns & { document: Buffer };
  const proofs = db.prepare<[], Buffer>('SELECT proof FROM protection').pluck().all();
  const incidents = db.prepare<[number], Incident>('SELECT * FROM incident ORDER BY opened_at DESC LIMIT ?');
  const investigations = db.prepare<[number], Investigation>('SELECT * FROM investigation ORDER BY id DESC LIMIT ?');
  return [
    ...proofs.map((sealed) => ({ place: PLACES.proof, sealed })),
    ...incidents.all(MOST_ROWS).map((row) => ({ place: PLACES.incident(row), sealed: row.document })),
    ...investigations.all(MOST_ROWS).map((row) => ({ place: PLACES.investigation(row), sealed: row.document })),
  ];
}

function readVault(db: Database): SealedRow[] {
  const proofs = db.prepare<[], Buffer>('SELECT proof FROM protection').pluck().all();
  const manifests = db.prepare<[], Buffer>('SELECT sealed FROM manifest').pluck().all();
  return [
    ...proofs.map((sealed) => ({ place: PROOF_PLACE, sealed })),
    ...manifests.map((sealed) => ({ place: MANIFEST_PLACE, sealed })),
    ...wrappingKeyRows(db).map(({ row }) => row),
  ];
}

/** What the vault keeps of each wrapping key: where it is, encrypted. */
export function wrappingKeyRows(db: Database): { readonly id: string; readonly row: SealedRow }[] {
  return db
    .prepare<[], { id: string; reference: Buffer }>('SELECT id, reference FROM wrapping_key ORDER BY id')
    .all()
    .map(({ id, reference }) => ({ id, row: { place: wrappingKeyPlace(id), sealed: reference } }));
}

import { existsSync } from 'node:fs';
import { CausewayError } from '#shared/errors.ts';
import type { Cipher } from './cipher.ts';
import { type Database, openSnapshot } from './sqlite.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import { type IncidentColumns, type InvestigationColumns, PLACES } from './workspace-db-schema.ts';

const WHAT = 'the workspace';
const PROOF = Buffer.from('causeway workspace 1', 'utf8');

/**
 * Whether a workspace file holds anything encrypted: then its key must already exist, and a new one would only hide that
 * the old one is lost. A file that is not there, or of before encryption, holds nothing. Errors as {@link openSnapshot}.
 */
export function isSealedWorkspace(file: string): boolean {
  if (!existsSync(file)) return false;
  const db = openSnapshot(file, WHAT);
  try {
    if (!hasTable(db, 'protection')) return false;
    const tables = ['protection', 'incident', 'investigation', 'evidence'];
    return tables.some((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined);
  } catch (error) {
    throw explainSqliteError(error, WHAT);
  } finally {
    db.close();
  }
}

/**
 * Proves that the cipher is the one this file was encrypted with, before anything is read or written; encrypts what an
 * older version kept in the clear, and removes the clear text from the file and its log.
 * @throws CausewayError `audit-broken` with reason `workspace-key`: another workspace's file, or another key
 */
export function sealWorkspace(db: Database, cipher: Cipher): void {
  const kept = db.prepare<[], { proof: Buffer; wiped: number }>('SELECT proof, wiped FROM protection').get();
  if (kept !== undefined) {
    checkProof(kept.proof, cipher);
    if (kept.wiped === 0) wipe(db);
    return;
  }
  // without its proof a file is only believed to be new when the tables of the older version say so
  if (!hasTable(db, 'unsealed_incident')) throw wrongKey();
  db.pragma('secure_delete = ON');
  const seal = db.transaction(() => {
    const moved = sealIncidents(db, cipher) + sealInvestigations(db, cipher) + sealEvidence(db, cipher);
    for (const table of ['evidence', 'investigation', 'incident']) db.exec(`DROP TABLE unsealed_${table}`);
    const proof = cipher.seal(PROOF, PLACES.proof);
    db.prepare('INSERT INTO protection (id, proof, wiped) VALUES (1, ?, ?)').run(proof, moved === 0 ? 1 : 0);
    return moved;
  });
  if (seal.immediate() > 0) wipe(db);
}

function checkProof(proof: Uint8Array, cipher: Cipher): void {
  try {
    if (PROOF.equals(cipher.open(proof, PLACES.proof))) return;
  } catch (cause) {
    throw wrongKey(cause);
  }
  throw wrongKey();
}

function wrongKey(cause?: unknown): CausewayError {
  const text =
    'This workspace file is not encrypted with the key of this workspace: it belongs to another one, or the keychain entry was replaced. Nothing was changed. Put back the file or the keychain entry that belongs here.';
  return new CausewayError('audit-broken', text, { reason: 'workspace-key', cause });
}

function hasTable(db: Database, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

/** Bytes as they are: a document that was damaged before stays so, and stays there for examination. */
function sealIncidents(db: Database, cipher: Cipher): number {
  const rows = db.prepare<[], IncidentColumns>('SELECT id, opened_at, status, payload_digest FROM unsealed_incident');
  const document = readDocument(db, 'unsealed_incident');
  const put = db.prepare(
    'INSERT INTO incident (id, opened_at, status, payload_digest, document) VALUES (?, ?, ?, ?, ?)',
  );
  const all = rows.all();
  for (const row of all) {
    const sealed = cipher.seal(document(row.id), PLACES.incident(row));
    put.run(row.id, row.opened_at, row.status, row.payload_digest, sealed);
  }
  return all.length;
}

function sealInvestigations(db: Database, cipher: Cipher): number {
  const rows = db.prepare<[], InvestigationColumns>(
    'SELECT id, incident, status, remediation, remediation_status FROM unsealed_investigation',
  );
  const document = readDocument(db, 'unsealed_investigation');
  const put = db.prepare(
    'INSERT INTO investigation (id, incident, status, remediation, remediation_status, document) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const all = rows.all();
  for (const row of all) {
    const sealed = cipher.seal(document(row.id), PLACES.investigation(row));
    put.run(row.id, row.incident, row.status, row.remediation, row.remediation_status, sealed);
  }
  return all.length;
}

/** One after the other: all evidence of a workspace together may be larger than memory. */
function sealEvidence(db: Database, cipher: Cipher): number {
  const digests = db.prepare<[], string>('SELECT digest FROM unsealed_evidence').pluck().all();
  const read = db.prepare<[string], { info: string; content: Buffer }>(
    'SELECT info, content FROM unsealed_evidence WHERE digest = ?',
  );
  const put = db.prepare('INSERT INTO evidence (digest, info, content) VALUES (?, ?, ?)');
  for (const digest of digests) {
    const row = read.get(digest);
    if (row === undefined) continue;
    const info = cipher.seal(Buffer.from(row.info, 'utf8'), PLACES.evidenceInfo(digest));
    put.run(digest, info, cipher.seal(row.content, PLACES.evidenceContent(digest)));
  }
  return digests.length;
}

function readDocument(db: Database, table: string): (id: string) => Buffer {
  const read = db.prepare<[string], string>(`SELECT document FROM ${table} WHERE id = ?`).pluck();
  return (id) => Buffer.from(read.get(id) ?? '', 'utf8');
}

/**
 * Rewrites the file without its free pages and empties the log, in both of which the clear text still stands. Marked as
 * done only afterwards: a program that ends in between does it at its next opening.
 */
function wipe(db: Database): void {
  db.exec('VACUUM');
  const [state] = db.pragma('wal_checkpoint(TRUNCATE)') as readonly { busy: number }[];
  if (state?.busy === 0) db.exec('UPDATE protection SET wiped = 1');
}

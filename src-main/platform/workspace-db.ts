import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { EvidenceInfo } from '#shared/model/evidence.ts';
import { Incident } from '#shared/model/incident.ts';
import { Investigation } from '#shared/model/investigation.ts';
import { type Database, openDatabase } from './sqlite.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import type { Migration } from './sqlite-migrations.ts';

const WHAT = 'the workspace';

/** No single cloud answer is near this; a row claiming more is damaged. */
const MOST_CONTENT_BYTES = 256 * 1024 * 1024;
const COMPRESSION_LEVEL = 3;
const DAMAGED = 'workspace-damaged';

export const WORKSPACE_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'incidents, investigations, evidence',
    sql: `
      CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE incident (
        id TEXT PRIMARY KEY, opened_at TEXT NOT NULL, status TEXT NOT NULL, payload_digest TEXT NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX incident_payload ON incident (payload_digest);
      CREATE TABLE investigation (
        id TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incident (id), status TEXT NOT NULL,
        remediation TEXT, remediation_status TEXT, document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX investigation_remediation ON investigation (remediation) WHERE remediation IS NOT NULL;
      CREATE INDEX investigation_open ON investigation (status, remediation_status);
      CREATE TABLE evidence (digest TEXT PRIMARY KEY, info TEXT NOT NULL, content BLOB NOT NULL) STRICT;
    `,
  },
];

export type CounterName = 'inc' | 'inv' | 'rem';

/** A row whose document is no longer what was written. It stays where it is, for examination. */
export interface DamagedRow {
  readonly kind: 'incident' | 'investigation';
  readonly id: string;
}

export interface WorkspaceDbOptions {
  /** Told once of each damaged row, when it is first met. */
  readonly onDamaged?: (row: DamagedRow, cause: unknown) => void;
}

/**
 * What the screens show, kept between starts. The chain is the truth of what happened; this is derived state, so every
 * document is parsed again when read. A damaged row is never guessed at: it is left out of lists, and asked for by its id
 * it is `not-found` with the reason `workspace-damaged`. The others stay usable.
 */
export interface WorkspaceDb {
  /** The next id of its kind: `inc-0001`. Never given twice, also after a failure. */
  nextId(name: CounterName): string;
  /** Ids of this kind up to this number are never given from now on. */
  reserveIds(name: CounterName, upTo: number): void;
  putIncident(incident: Incident): void;
  /** `not-found` when there is none. */
  getIncident(id: string): Incident;
  /** Newest first, without damaged ones. */
  listIncidents(): readonly Incident[];
  /** The incident that is not resolved and came from this very payload, or null. */
  findOpenByPayload(payloadDigest: string): Incident | null;
  putInvestigation(investigation: Investigation): void;
  /** `not-found` when there is none. */
  getInvestigation(id: string): Investigation;
  /** The investigation that proposed this remediation; `not-found` when there is none. */
  getByRemediation(remediation: string): Investigation;
  /** Those that run, or whose remediation waits for a decision or is under way; without damaged ones and those of a damaged incident. */
  listUnfinished(): readonly Investigation[];
  /** Damaged rows met since opening. */
  listDamaged(): readonly DamagedRow[];
  putEvidence(info: EvidenceInfo, content: Uint8Array): void;
  /** Re-hashed; `not-found`, or `audit-broken` when the bytes are no longer what the digest says. */
  readEvidence(digest: string): { readonly info: EvidenceInfo; readonly content: Uint8Array };
  close(): void;
}

interface DocumentRow {
  readonly id: string;
  readonly document: string;
}

/** What `read` gives, or null when the workspace's copy of it is damaged, of which `onDamaged` has been told. */
export function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CausewayError && error.reason === DAMAGED) return null;
    throw error;
  }
}

/** Opens (and creates) the workspace database of a tenant, for its owner only. Errors as {@link openDatabase}. */
export function openWorkspaceDb(file: string, options: WorkspaceDbOptions = {}): WorkspaceDb {
  const db = openDatabase(file, { what: WHAT, migrations: WORKSPACE_MIGRATIONS });
  return wrap(db, options);
}

function wrap(db: Database, { onDamaged }: WorkspaceDbOptions): WorkspaceDb {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  };
  const sql = {
    next: db.prepare<[string], { value: number }>(
      'INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value',
    ),
    reserve: db.prepare(
      'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
    ),
    putIncident: db.prepare(
      `INSERT INTO incident (id, opened_at, status, payload_digest, document) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, document = excluded.document`,
    ),
    incident: db.prepare<[string], DocumentRow>('SELECT id, document FROM incident WHERE id = ?'),
    incidents: db.prepare<[], DocumentRow>(
      'SELECT id, document FROM incident ORDER BY opened_at DESC, id DESC LIMIT 10000',
    ),
    byPayload: db.prepare<[string], DocumentRow>(
      "SELECT id, document FROM incident WHERE payload_digest = ? AND status <> 'resolved' ORDER BY id",
    ),
    putInvestigation: db.prepare(
      `INSERT INTO investigation (id, incident, status, remediation, remediation_status, document) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, remediation = excluded.remediation,
         remediation_status = excluded.remediation_status, document = excluded.document`,
    ),
    investigation: db.prepare<[string], DocumentRow>('SELECT id, document FROM investigation WHERE id = ?'),
    byRemediation: db.prepare<[string], DocumentRow>('SELECT id, document FROM investigation WHERE remediation = ?'),
    unfinished: db.prepare<[], DocumentRow>(
      `SELECT id, document FROM investigation WHERE status = 'running'
         OR remediation_status IN ('proposed', 'approved', 'executing', 'executed') ORDER BY id`,
    ),
    putEvidence: db.prepare(
      'INSERT INTO evidence (digest, info, content) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING',
    ),
    evidence: db.prepare<[string], { info: string; content: Buffer }>(
      'SELECT info, content FROM evidence WHERE digest = ?',
    ),
  };
  const damaged = new Map<string, DamagedRow>();
  const read = <T>(kind: DamagedRow['kind'], schema: z.ZodType<T>, { id, document }: DocumentRow): T => {
    try {
      return parseDocument(document, schema);
    } catch (cause) {
      const key = `${kind} ${id}`;
      if (!damaged.has(key)) {
        damaged.set(key, { kind, id });
        onDamaged?.({ kind, id }, cause);
      }
      const text = `The stored ${kind} ${id} is damaged and cannot be shown. Keep the workspace file for examination; the audit trail is kept apart.`;
      throw new CausewayError('not-found', text, { cause, reason: DAMAGED });
    }
  };
  const incidentOf = (row: DocumentRow) => read('incident', Incident, row);
  const investigationOf = (row: DocumentRow) => read('investigation', Investigation, row);
  const one = <T>(row: DocumentRow | undefined, parse: (row: DocumentRow) => T, what: string): T => {
    if (row === undefined) throw new CausewayError('not-found', `There is no ${what}.`);
    return parse(row);
  };
  const undamaged = <T>(rows: readonly DocumentRow[], parse: (row: DocumentRow) => T): T[] =>
    rows.flatMap((row) => unlessDamaged(() => parse(row)) ?? []);
  /** An investigation is of use with its incident only. */
  const withIncident = (row: DocumentRow): Investigation => {
    const investigation = investigationOf(row);
    one(sql.incident.get(investigation.incident), incidentOf, `incident ${investigation.incident}`);
    return investigation;
  };
  return {
    nextId: (name) =>
      attempt(() => {
        const value = sql.next.get(name)?.value ?? 0;
        return `${name}-${String(value).padStart(4, '0')}`;
      }),
    reserveIds: (name, upTo) =>
      attempt(() => {
        sql.reserve.run(name, upTo);
      }),
    putIncident: (incident) =>
      attempt(() => {
        const { id, openedAt, status, source } = incident;
        sql.putIncident.run(id, openedAt, status, source.payloadDigest, JSON.stringify(incident));
      }),
    getIncident: (id) => attempt(() => one(sql.incident.get(id), incidentOf, `incident ${id}`)),
    listIncidents: () => attempt(() => undamaged(sql.incidents.all(), incidentOf)),
    findOpenByPayload: (digest) => attempt(() => undamaged(sql.byPayload.all(digest), incidentOf)[0] ?? null),
    putInvestigation: (investigation) =>
      attempt(() => {
        const { id, incident, status, remediation } = investigation;
        const document = JSON.stringify(investigation);
        sql.putInvestigation.run(id, incident, status, remediation?.id ?? null, remediation?.status ?? null, document);
      }),
    getInvestigation: (id) => attempt(() => one(sql.investigation.get(id), investigationOf, `investigation ${id}`)),
    getByRemediation: (id) => attempt(() => one(sql.byRemediation.get(id), investigationOf, `remediation ${id}`)),
    listUnfinished: () => attempt(() => undamaged(sql.unfinished.all(), withIncident)),
    listDamaged: () => [...damaged.values()],
    putEvidence: (info, content) =>
      attempt(() => {
        const packed = deflateRawSync(content, { level: COMPRESSION_LEVEL });
        sql.putEvidence.run(info.digest, JSON.stringify(info), packed);
      }),
    readEvidence: (digest) => attempt(() => openEvidence(digest, sql.evidence.get(digest))),
    close: () => db.close(),
  };
}

function parseDocument<T>(document: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(document));
}

function openEvidence(digest: string, row: { info: string; content: Buffer } | undefined) {
  if (row === undefined) throw new CausewayError('not-found', 'This evidence is not stored in the workspace.');
  let info: EvidenceInfo;
  let content: Uint8Array;
  try {
    info = parseDocument(row.info, EvidenceInfo);
    content = inflateRawSync(row.content, { maxOutputLength: MOST_CONTENT_BYTES });
  } catch (cause) {
    throw changed(digest, cause);
  }
  if (createHash('sha256').update(content).digest('hex') !== digest) throw changed(digest);
  return { info, content };
}

function changed(digest: string, cause?: unknown): CausewayError {
  const text = `The stored evidence ${digest.slice(0, 12)}… is no longer what was collected. It cannot be shown.`;
  return new CausewayError('audit-broken', text, {
    reason: 'evidence-changed',
    ...(cause === undefined ? {} : { cause }),
  });
}

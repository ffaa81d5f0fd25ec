import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { EvidenceInfo } from '#shared/model/evidence.ts';
import { Incident } from '#shared/model/incident.ts';
import { Investigation } from '#shared/model/investigation.ts';
import { type Cipher, createCipher } from './cipher.ts';
import type { SecretStore } from './secret-store.ts';
import { type Database, openDatabase } from './sqlite.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import { tenantKey } from './tenant-keys.ts';
import {
  type IncidentColumns,
  type InvestigationColumns,
  PLACES,
  WORKSPACE_MIGRATIONS,
} from './workspace-db-schema.ts';
import { isSealedWorkspace, sealWorkspace } from './workspace-db-seal.ts';

const WHAT = 'the workspace';

/** No single cloud answer is near this; a row claiming more is damaged. */
const MOST_CONTENT_BYTES = 256 * 1024 * 1024;
const COMPRESSION_LEVEL = 3;
const DAMAGED = 'workspace-damaged';

export type CounterName = 'inc' | 'inv' | 'rem';

/** A row whose document is no longer what was written. It stays where it is, for examination. */
export interface DamagedRow {
  readonly kind: 'incident' | 'investigation';
  readonly id: string;
}

export interface WorkspaceDbOptions {
  /** Of the workspace's own key: what is encrypted with another one does not open. */
  readonly cipher: Cipher;
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

interface Sealed {
  readonly document: Buffer;
}
type IncidentRow = IncidentColumns & Sealed;
type InvestigationRow = InvestigationColumns & Sealed;

/** What `read` gives, or null when the workspace's copy of it is damaged, of which `onDamaged` has been told. */
export function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CausewayError && error.reason === DAMAGED) return null;
    throw error;
  }
}

/**
 * Opens (and creates) a workspace's database with its key from the keychain. The key is made only while nothing is
 * encrypted under it. Errors as {@link openWorkspaceDb} and {@link tenantKey}.
 */
export async function openTenantWorkspaceDb(options: {
  readonly file: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly onDamaged?: WorkspaceDbOptions['onDamaged'];
}): Promise<WorkspaceDb> {
  const { file, tenant, secrets, onDamaged } = options;
  const key = await tenantKey(secrets, tenant, 'workspace', !isSealedWorkspace(file));
  const cipher = createCipher(key, tenant);
  return openWorkspaceDb(file, { cipher, ...(onDamaged === undefined ? {} : { onDamaged }) });
}

/**
 * Opens (and creates) the workspace database of a tenant, for its owner only; what an older version kept in the clear is
 * encrypted. Errors as {@link openDatabase}; `audit-broken` with reason `workspace-key` when it is another workspace's.
 */
export function openWorkspaceDb(file: string, options: WorkspaceDbOptions): WorkspaceDb {
  const db = openDatabase(file, { what: WHAT, migrations: WORKSPACE_MIGRATIONS });
  try {
    sealWorkspace(db, options.cipher);
    return wrap(db, options);
  } catch (error) {
    db.close();
    throw explainSqliteError(error, WHAT);
  }
}

function wrap(db: Database, { cipher, onDamaged }: WorkspaceDbOptions): WorkspaceDb {
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
      `INSERT INTO incident (id, opened_at, status, payload_digest, document)
       VALUES (:id, :opened_at, :status, :payload_digest, :document)
       ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, status = excluded.status,
         payload_digest = excluded.payload_digest, document = excluded.document`,
    ),
    incident: db.prepare<[string], IncidentRow>('SELECT * FROM incident WHERE id = ?'),
    incidents: db.prepare<[], IncidentRow>('SELECT * FROM incident ORDER BY opened_at DESC, id DESC LIMIT 10000'),
    byPayload: db.prepare<[string], IncidentRow>(
      "SELECT * FROM incident WHERE payload_digest = ? AND status <> 'resolved' ORDER BY id",
    ),
    putInvestigation: db.prepare(
      `INSERT INTO investigation (id, incident, status, remediation, remediation_status, document)
       VALUES (:id, :incident, :status, :remediation, :remediation_status, :document)
       ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, status = excluded.status, remediation = excluded.remediation,
         remediation_status = excluded.remediation_status, document = excluded.document`,
    ),
    investigation: db.prepare<[string], InvestigationRow>('SELECT * FROM investigation WHERE id = ?'),
    byRemediation: db.prepare<[string], InvestigationRow>('SELECT * FROM investigation WHERE remediation = ?'),
    unfinished: db.prepare<[], InvestigationRow>(
      `SELECT * FROM investigation WHERE status = 'running'
         OR remediation_status IN ('proposed', 'approved', 'executing', 'executed') ORDER BY id`,
    ),
    putEvidence: db.prepare(
      'INSERT INTO evidence (digest, info, content) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING',
    ),
    evidence: db.prepare<[string], EvidenceRow>('SELECT info, content FROM evidence WHERE digest = ?'),
  };
  const damaged = new Map<string, DamagedRow>();
  const read = <T>(
    kind: DamagedRow['kind'],
    schema: z.ZodType<T>,
    { id, document }: Sealed & { readonly id: string },
    place: string,
  ): T => {
    try {
      return parseDocument(cipher.open(document, place), schema);
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
  const incidentOf = (row: IncidentRow) => read('incident', Incident, row, PLACES.incident(row));
  const investigationOf = (row: InvestigationRow) =>
    read('investigation', Investigation, row, PLACES.investigation(row));
  const one = <Row, T>(row: Row | undefined, parse: (row: Row) => T, what: string): T => {
    if (row === undefined) throw new CausewayError('not-found', `There is no ${what}.`);
    return parse(row);
  };
  const undamaged = <Row, T>(rows: readonly Row[], parse: (row: Row) => T): T[] =>
    rows.flatMap((row) => unlessDamaged(() => parse(row)) ?? []);
  /** An investigation is of use with its incident only. */
  const withIncident = (row: InvestigationRow): Investigation => {
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
        const columns = { id, opened_at: openedAt, status, payload_digest: source.payloadDigest };
        const document = cipher.seal(jsonBytes(incident), PLACES.incident(columns));
        sql.putIncident.run({ ...columns, document });
      }),
    getIncident: (id) => attempt(() => one(sql.incident.get(id), incidentOf, `incident ${id}`)),
    listIncidents: () => attempt(() => undamaged(sql.incidents.all(), incidentOf)),
    findOpenByPayload: (digest) => attempt(() => undamaged(sql.byPayload.all(digest), incidentOf)[0] ?? null),
    putInvestigation: (investigation) =>
      attempt(() => {
        const { id, incident, status, remediation } = investigation;
        const remediationColumns = {
          remediation: remediation?.id ?? null,
          remediation_status: remediation?.status ?? null,
        };
        const columns = { id, incident, status, ...remediationColumns };
        const document = cipher.seal(jsonBytes(investigation), PLACES.investigation(columns));
        sql.putInvestigation.run({ ...columns, document });
      }),
    getInvestigation: (id) => attempt(() => one(sql.investigation.get(id), investigationOf, `investigation ${id}`)),
    getByRemediation: (id) => attempt(() => one(sql.byRemediation.get(id), investigationOf, `remediation ${id}`)),
    listUnfinished: () => attempt(() => undamaged(sql.unfinished.all(), withIncident)),
    listDamaged: () => [...damaged.values()],
    putEvidence: (info, content) =>
      attempt(() => {
        const { digest } = info;
        const packed = deflateRawSync(content, { level: COMPRESSION_LEVEL }); // ciphertext does not compress
        sql.putEvidence.run(
          digest,
          cipher.seal(jsonBytes(info), PLACES.evidenceInfo(digest)),
          cipher.seal(packed, PLACES.evidenceContent(digest)),
        );
      }),
    readEvidence: (digest) => attempt(() => openEvidence(digest, sql.evidence.get(digest), cipher)),
    close: () => db.close(),
  };
}

function jsonBytes(value: object): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

/** What is wrong is said without what stands there: a parser's own message quotes it, and messages are logged. */
function parseDocument<T>(document: Uint8Array, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(document).toString('utf8'));
  } catch {
    throw new SyntaxError('not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TypeError(`not of its schema: ${parsed.error.issues.map(({ code }) => code).join(', ')}`);
}

interface EvidenceRow {
  readonly info: Buffer;
  readonly content: Buffer;
}

function openEvidence(digest: string, row: EvidenceRow | undefined, cipher: Cipher) {
  if (row === undefined) throw new CausewayError('not-found', 'This evidence is not stored in the workspace.');
  let info: EvidenceInfo;
  let content: Uint8Array;
  try {
    info = parseDocument(cipher.open(row.info, PLACES.evidenceInfo(digest)), EvidenceInfo);
    const packed = cipher.open(row.content, PLACES.evidenceContent(digest));
    content = inflateRawSync(packed, { maxOutputLength: MOST_CONTENT_BYTES });
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

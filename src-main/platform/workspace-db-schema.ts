import type { Migration } from './sqlite-migrations.ts';

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
  {
    number: 2,
    name: 'encrypted documents and evidence',
    // what version 1 kept in the clear stands under other names until it is encrypted, right after this
    sql: `
      DROP INDEX incident_payload;
      DROP INDEX investigation_remediation;
      DROP INDEX investigation_open;
      ALTER TABLE incident RENAME TO unsealed_incident;
      ALTER TABLE investigation RENAME TO unsealed_investigation;
      ALTER TABLE evidence RENAME TO unsealed_evidence;
      CREATE TABLE protection (
        id INTEGER PRIMARY KEY CHECK (id = 1), proof BLOB NOT NULL, wiped INTEGER NOT NULL CHECK (wiped IN (0, 1))
      ) STRICT;
      CREATE TABLE incident (
        id TEXT PRIMARY KEY, opened_at TEXT NOT NULL, status TEXT NOT NULL, payload_digest TEXT NOT NULL,
        document BLOB NOT NULL
      ) STRICT;
      CREATE INDEX incident_payload ON incident (payload_digest);
      CREATE TABLE investigation (
        id TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incident (id), status TEXT NOT NULL,
        remediation TEXT, remediation_status TEXT, document BLOB NOT NULL
      ) STRICT;
      CREATE INDEX investigation_remediation ON investigation (remediation) WHERE remediation IS NOT NULL;
      CREATE INDEX investigation_open ON investigation (status, remediation_status);
      CREATE TABLE evidence (digest TEXT PRIMARY KEY, info BLOB NOT NULL, content BLOB NOT NULL) STRICT;
    `,
  },
];

/** The plain columns of a row: ids, times, states and digests, and nothing that names a person or comes from outside. */
export interface IncidentColumns {
  readonly id: string;
  readonly opened_at: string;
  readonly status: string;
  readonly payload_digest: string;
}

export interface InvestigationColumns {
  readonly id: string;
  readonly incident: string;
  readonly status: string;
  readonly remediation: string | null;
  readonly remediation_status: string | null;
}

/**
 * What each ciphertext is bound to: its table and all plain columns of its row, so that neither a document put into
 * another row nor a column changed beside it passes.
 */
export const PLACES = {
  proof: 'workspace/proof',
  incident: ({ id, opened_at, status, payload_digest }: IncidentColumns) =>
    JSON.stringify(['incident', id, opened_at, status, payload_digest]),
  investigation: ({ id, incident, status, remediation, remediation_status }: InvestigationColumns) =>
    JSON.stringify(['investigation', id, incident, status, remediation, remediation_status]),
  evidenceInfo: (digest: string) => JSON.stringify(['evidence', digest, 'info']),
  evidenceContent: (digest: string) => JSON.stringify(['evidence', digest, 'content']),
} as const;

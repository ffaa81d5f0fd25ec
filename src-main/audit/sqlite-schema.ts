import type { Migration } from '#main/platform/sqlite-migrations.ts';
import { NARROW_TRAIL } from './trail-schema.ts';
import { WITNESS_TABLES } from './witness/witness-schema.ts';

/**
 * The audit store's tables. `record` is the chain: the stored bytes are the hashed bytes. `trail` holds what lists and
 * filters need, apart from the bytes so that a scan stays narrow; it is checked against the bytes by verification.
 * The guards hold against SQL run inside the process: nothing can be changed or deleted, and only the next record of
 * this chain can be inserted. `hash` is deliberately not UNIQUE: REPLACE would delete the row it conflicts with.
 */
const CHAIN = `
CREATE TABLE chain (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  chain TEXT NOT NULL,
  tenant TEXT NOT NULL
) STRICT;
CREATE TRIGGER chain_insert BEFORE INSERT ON chain
WHEN EXISTS (SELECT 1 FROM chain) BEGIN SELECT RAISE(ABORT, 'chain: there is one already'); END;
CREATE TRIGGER chain_update BEFORE UPDATE ON chain BEGIN SELECT RAISE(ABORT, 'chain: append only'); END;
CREATE TRIGGER chain_delete BEFORE DELETE ON chain BEGIN SELECT RAISE(ABORT, 'chain: append only'); END;

CREATE TABLE record (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  prev BLOB NOT NULL CHECK (length(prev) = 32),
  sig BLOB NOT NULL CHECK (length(sig) = 64),
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX record_by_hash ON record (hash);
CREATE TRIGGER record_insert BEFORE INSERT ON record BEGIN
  SELECT RAISE(ABORT, 'record: seq is not the next one')
    WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM record);
  SELECT RAISE(ABORT, 'record: prev is not the head')
    WHERE NEW.prev IS NOT coalesce((SELECT hash FROM record WHERE seq = NEW.seq - 1), zeroblob(32));
  SELECT RAISE(ABORT, 'record: it is there already')
    WHERE EXISTS (SELECT 1 FROM record WHERE hash = NEW.hash);
END;
CREATE TRIGGER record_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'record: append only'); END;
CREATE TRIGGER record_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'record: append only'); END;

CREATE TABLE trail (
  seq INTEGER PRIMARY KEY REFERENCES record (seq),
  time INTEGER NOT NULL,
  category TEXT NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  target_type TEXT NOT NULL,
  target_id TEXT NOT NULL,
  incident TEXT,
  ids TEXT NOT NULL
) STRICT;
CREATE INDEX trail_by_time ON trail (time);
CREATE INDEX trail_by_category ON trail (category);
CREATE INDEX trail_by_action ON trail (action);
CREATE INDEX trail_by_outcome ON trail (outcome) WHERE outcome <> 'success';
CREATE INDEX trail_by_actor ON trail (actor_id);
CREATE INDEX trail_by_incident ON trail (incident) WHERE incident IS NOT NULL;
CREATE TRIGGER trail_insert BEFORE INSERT ON trail
WHEN NEW.seq IS NOT (SELECT max(seq) FROM record) OR EXISTS (SELECT 1 FROM trail WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'trail: only beside its record'); END;
CREATE TRIGGER trail_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'trail: append only'); END;
CREATE TRIGGER trail_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail: append only'); END;

CREATE TABLE tree_node (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER tree_insert BEFORE INSERT ON tree_node
WHEN EXISTS (SELECT 1 FROM tree_node WHERE level = NEW.level AND place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'tree_node: append only'); END;
CREATE TRIGGER tree_update BEFORE UPDATE ON tree_node BEGIN SELECT RAISE(ABORT, 'tree_node: append only'); END;
CREATE TRIGGER tree_delete BEFORE DELETE ON tree_node BEGIN SELECT RAISE(ABORT, 'tree_node: append only'); END;

CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL,
  written INTEGER NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_insert BEFORE INSERT ON checkpoint
WHEN NEW.size IS NULL OR NEW.size <= (SELECT coalesce(max(size), 0) FROM checkpoint)
  OR NEW.size > (SELECT max(seq) FROM record)
BEGIN SELECT RAISE(ABORT, 'checkpoint: not newer'); END;
CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: append only'); END;
CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: append only'); END;

CREATE TABLE subject_key (
  subject BLOB PRIMARY KEY CHECK (length(subject) = 32),
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER subject_key_update BEFORE UPDATE ON subject_key
BEGIN SELECT RAISE(ABORT, 'subject_key: written or destroyed, never changed'); END;

CREATE TABLE disclosure (
  seq INTEGER NOT NULL REFERENCES record (seq),
  path TEXT NOT NULL,
  subject BLOB NOT NULL,
  box BLOB NOT NULL,
  PRIMARY KEY (seq, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX disclosure_by_subject ON disclosure (subject);
CREATE TRIGGER disclosure_update BEFORE UPDATE ON disclosure
BEGIN SELECT RAISE(ABORT, 'disclosure: written or destroyed, never changed'); END;
`;

/**
 * What is sealed stays with what it was sealed as: a value or a person's key that is gone leaves a record that nobody can
 * read any more. When values can be erased on a person's demand, the step that brings it makes room for that alone.
 */
const KEPT_VALUES = `
CREATE TRIGGER disclosure_insert BEFORE INSERT ON disclosure
WHEN EXISTS (SELECT 1 FROM disclosure WHERE seq = NEW.seq AND path = NEW.path)
BEGIN SELECT RAISE(ABORT, 'disclosure: it is there already'); END;
CREATE TRIGGER disclosure_delete BEFORE DELETE ON disclosure
BEGIN SELECT RAISE(ABORT, 'disclosure: append only'); END;
CREATE TRIGGER subject_key_insert BEFORE INSERT ON subject_key
WHEN EXISTS (SELECT 1 FROM subject_key WHERE subject = NEW.subject)
BEGIN SELECT RAISE(ABORT, 'subject_key: it is there already'); END;
CREATE TRIGGER subject_key_delete BEFORE DELETE ON subject_key
BEGIN SELECT RAISE(ABORT, 'subject_key: append only'); END;
`;

export const AUDIT_MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'chain', sql: CHAIN },
  { number: 2, name: 'narrow-trail', sql: NARROW_TRAIL },
  { number: 3, name: 'witnesses', sql: WITNESS_TABLES },
  { number: 4, name: 'kept-values', sql: KEPT_VALUES },
];
